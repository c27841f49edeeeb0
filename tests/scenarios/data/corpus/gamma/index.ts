import type { Plugin } from 'vite';
export * from "./own";
const fs = require('node:fs');
