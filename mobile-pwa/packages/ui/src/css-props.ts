import {noChange} from 'lit';
import {Directive, directive, PartType} from 'lit/directive.js';
import type {ElementPart, PartInfo} from 'lit/directive.js';

type Props = Readonly<Record<string, string>>;

class CssProps extends Directive {
  #last: Props = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) {
      throw new Error('cssProps() stands in the tag itself, not in an attribute.');
    }
  }

  override render(_props: Props): unknown {
    return noChange;
  }

  override update(part: ElementPart, [props]: [Props]): unknown {
    const {style} = part.element as HTMLElement;
    for (const name of Object.keys(this.#last)) {
      if (!(name in props)) {
        style.removeProperty(name);
      }
    }
    for (const [name, value] of Object.entries(props)) {
      if (this.#last[name] !== value) {
        style.setProperty(name, value);
      }
    }
    this.#last = props;
    return noChange;
  }
}

/**
 * Sets CSS properties of an element: `<div ${cssProps({width: '40%'})}>`. Lit's own styleMap writes
 * a style attribute first, which our Content-Security-Policy does not allow.
 */
export const cssProps = directive(CssProps);
