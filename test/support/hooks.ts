import sinon from "sinon";

export const mochaHooks = {
  /** Coverage is of what the tests call: a hundred started programs would take as long as all the rest. */
  beforeAll(): void {
    delete process.env.NODE_V8_COVERAGE;
  },
  /** Every test leaves real timers and no stubs behind. */
  afterEach(): void {
    sinon.restore();
  },
};
