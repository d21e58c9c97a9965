import './peek-door.js';
import {waitForWorkstation} from './peek-workstation-view.js';

// The same page serves browsers and the tabs of the workstation, which names itself in the address.
if (window.location.hash === '#workstation') {
  waitForWorkstation(document.body);
} else {
  document.body.append(document.createElement('peek-door'));
}
