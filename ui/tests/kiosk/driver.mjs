// WebDriver, as much of it as the window test needs: WebKit's own driver starts the kiosk and asks its page.
import { spawn } from 'node:child_process';
import { descendants, eventually, freePort, kioskProgram, log } from './home.mjs';
import { ended } from './panel.mjs';

export class DrivenKiosk {
  static async start(panel, flags) {
    const kiosk = new DrivenKiosk();
    const port = await freePort();
    kiosk.base = `http://127.0.0.1:${port}`;
    kiosk.driver = spawn('WebKitWebDriver', [`--port=${port}`], {
      env: { ...panel.environment, TAURI_WEBVIEW_AUTOMATION: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    kiosk.driver.stderr.pipe(log('kiosk-driven.log'));
    kiosk.driver.stdout.resume();
    await eventually('the driver', 10_000, async () => (await kiosk.#ask('GET', '/status')).ready);
    const options = { binary: kioskProgram, args: flags };
    const { sessionId } = await kiosk.#ask('POST', '/session', { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } });
    kiosk.session = `/session/${sessionId}`;
    return kiosk;
  }

  async pid() {
    return (await descendants(this.driver.pid)).find(({ name }) => name.startsWith('picup-kiosk'))?.pid;
  }

  /** Runs the body of a function in the page. */
  async inPage(script, ...args) {
    return this.#ask('POST', `${this.session}/execute/sync`, { script, args });
  }

  async address() {
    return this.#ask('GET', `${this.session}/url`);
  }

  async windows() {
    return this.#ask('GET', `${this.session}/window/handles`);
  }

  async stop() {
    const pid = await this.pid();
    if (pid) process.kill(pid, 'SIGTERM');
    if (pid) await eventually('the kiosk to end', 20_000, async () => (await this.pid()) === undefined);
    this.driver.kill('SIGTERM');
    await ended(this.driver);
  }

  async #ask(method, path, body) {
    const answer = await fetch(this.base + path, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(60_000) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }
}
