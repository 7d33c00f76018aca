// The children's album manager begins here.
import { mount } from 'svelte';
import '$lib/base.css';
import { locale, setLocale } from '$lib/i18n.svelte';
import App from './App.svelte';

setLocale(locale());

const target = document.getElementById('app');
if (!target) throw new Error('manager.html has no #app');
export default mount(App, { target });
