import { DrivenKiosk } from './driver.mjs';
import { Home, eventually, pause } from './home.mjs';
import { TouchPanel } from './touchscreen.mjs';
const panel = await TouchPanel.plugIn();
const home = await Home.build();
const kiosk = await DrivenKiosk.start(panel, home.kioskFlags);
try {
  await home.pairFrame();
  await home.drop('landscape_1.jpg');
  await eventually('photo', 60000, () => kiosk.inPage("return document.querySelector('img.photo')?.complete ?? false"));
  await kiosk.inPage(`window.log=[]; for (const k of ['touchstart','touchend','touchcancel','click','pointerdown','pointerup','pointercancel']) addEventListener(k, (e) => window.log.push(k.replace('touch','t-').replace('pointer','p-') + (e.changedTouches ? '[' + [...e.changedTouches].map((t) => t.identifier) + '/' + e.touches.length + ']' : '')), {capture:true, passive:true}); return null`);
  await pause(1500);
  const report = async (what) => { await pause(700); console.log(what, JSON.stringify(await kiosk.inPage('const l = window.log; window.log = []; return l.join(" ")'))); };
  for (let n = 0; n < 3; n++) await panel.tap(640, 300);
  await report('3 taps');
  for (let n = 0; n < 3; n++) await panel.drag([[[300, 300], [700, 350]]], 4, 4);
  await report('3 drags');
  for (let n = 0; n < 3; n++) await panel.drag([[[300, 300], [700, 350]], [[800, 300], [900, 350]]], 4, 4);
  await report('3 two-finger drags');
  const thumb = await panel.put(3, 500); await pause(1300); await panel.tap(640, 300); await pause(300); await report('thumb + tap'); await panel.lift(thumb);
  await report('thumb lifted');
  await panel.tap(640, 300); await report('tap');
} finally { await kiosk.stop(); await home.leave(); await panel.unplug(); }
