import './peek-door.js';
