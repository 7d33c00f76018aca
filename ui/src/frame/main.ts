// The frame's screen: finds its engine and mounts.
import '$lib/base.css';
import './frame.css';
import './hand.css';
import { mount } from 'svelte';
import Frame from './Frame.svelte';
import { connectEngine } from './engine';
import { refuseGestures } from './gestures';

const target = document.getElementById('app');
if (!target) throw new Error('frame.html has no #app');

refuseGestures(document);
const engine = await connectEngine();
if (engine.isWindow) document.documentElement.classList.add('in-window');
mount(Frame, { target, props: { engine } });
