import './peek-app.js';
