import sinon from "sinon";

/** Every test leaves real timers and no stubs behind. */
export const mochaHooks = {
  afterEach(): void {
    sinon.restore();
  },
};
