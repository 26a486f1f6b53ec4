import Testing

@testable import Machine

@Suite struct CPUTimeLossTests {
  @Test func aTenthIsConsiderableUnlessItIsAnInterrupt() {
    #expect(!CPUTimeLoss.isConsiderable(wanted: 1, got: 1))
    #expect(!CPUTimeLoss.isConsiderable(wanted: 1, got: 1.3))
    #expect(!CPUTimeLoss.isConsiderable(wanted: 1, got: 0.91))
    #expect(CPUTimeLoss.isConsiderable(wanted: 1, got: 0.89))
    #expect(!CPUTimeLoss.isConsiderable(wanted: 100e-6, got: 0))
    #expect(CPUTimeLoss.isConsiderable(wanted: 1e-3, got: 0.5e-3))
  }
}
