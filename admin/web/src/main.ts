import './peek-admin.js';
