import KernelZoo
import Testing
import Workloads

@testable import Bench

@Suite struct ClaimCatalogueTests {
  @Test func idsAreUnique() {
    let ids = ClaimCatalogue.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" || $0 == "." } })
  }

  @Test(arguments: ClaimCatalogue.all.map(\.id))
  func everyClaimHasASourceAndAFigure(_ id: String) throws {
    let claim = try #require(ClaimCatalogue.all.first { $0.id == id })
    #expect(claim.published.source.contains("arXiv "))
    #expect(claim.published.value > 0)
    #expect(!claim.statement.isEmpty && !claim.statement.contains("\n"))
  }

  /// What was only read off a chart, or passed on, must say so.
  @Test func figuresFromChartsAreMarked() {
    let bars = ClaimCatalogue.all.filter { $0.isNamed("energy-size") }
    #expect(bars.count == 5)
    #expect(bars.allSatisfy { $0.published.standing == .secondHand })
  }

  @Test func aNameMeansAllThatBeginWithItsWords() throws {
    #expect(try ClaimCatalogue.claims(named: ["saving"]).map(\.id) == ["saving-7nm", "saving-45nm"])
    #expect(try ClaimCatalogue.claims(named: ["saving-7nm"]).count == 1)
    #expect(try ClaimCatalogue.claims(named: []).count == ClaimCatalogue.all.count)
    let half = #expect(throws: UnknownClaim.self) { try ClaimCatalogue.claims(named: ["savin"]) }
    #expect(half?.description.contains("saving-7nm") == true)
    let none = #expect(throws: UnknownClaim.self) { try ClaimCatalogue.claims(named: ["moon"]) }
    #expect(none?.description.contains("names begin with saving, energy, memory") == true)
  }

  /// Three pairs of models; latency and energy of a token and of a prompt, and memory; here and on chips.
  @Test func theEquivalencesAreComplete() {
    #expect(ClaimCatalogue.equivalence.count == 3 * 5 * 2)
    #expect(ClaimCatalogue.speedups.count == 9 * 2)
  }

  @Test func measuredClaimsNameKnownModels() throws {
    let models = try ClaimEvidence.claimModels()
    for claim in ClaimCatalogue.all { _ = try claim.check.passes(models) }
  }
}

@Suite struct ClaimPlanTests {
  private struct Point: Hashable {
    let shape: BenchShape
    let conditions: BenchPlan.Conditions
    let kernel: Kernel
  }

  private func points(of plan: LayerPlan) -> [Point] {
    plan.plans.flatMap { plan in
      plan.shapes.flatMap { shape in
        plan.tokens.flatMap { tokens in
          plan.threads.flatMap { threads in
            let conditions = BenchPlan.Conditions(tokens: tokens, threads: threads, cache: .cold)
            return plan.kernels(under: conditions).map {
              Point(shape: shape, conditions: conditions, kernel: $0)
            }
          }
        }
      }
    }
  }

  @Test func everyMatrixIsMeasuredOnceForAllClaims() throws {
    let plan = try ClaimRunner(claims: ClaimCatalogue.all, threads: 2).plan()
    let points = points(of: plan)
    #expect(points.count == plan.pointCount)
    #expect(Set(points).count == points.count)
    // Prompts are of the equivalences only: no FP16 model above 13B, no ternary one below.
    let prompts = points.filter { $0.conditions.tokens == 512 }
    #expect(!prompts.isEmpty)
    #expect(
      prompts.allSatisfy {
        $0.kernel.family != .float || $0.shape.inFeatures <= 13824 || $0.shape.outFeatures == 512
          || $0.shape.inFeatures == 512
      })
  }

  @Test func calculatedClaimsNeedNoMeasurement() throws {
    let claims = try ClaimCatalogue.claims(named: ["saving", "energy", "throughput"])
    #expect(try ClaimRunner(claims: claims, threads: 2).plan().pointCount == 0)
  }

  @Test func quickLeavesOutLargeModelsAndPrompts() throws {
    let runner = try ClaimRunner(claims: ClaimCatalogue.all, threads: 2, effort: .quick)
    #expect(points(of: try runner.plan()).allSatisfy { $0.conditions.tokens == 1 })
    let results = try runner.results(from: [])
    let prompt = results.first { $0.id == "equivalence-13b-latency-prompt-cpu" }
    #expect(prompt?.verdict == .untestable("--quick leaves out prompts"))
    let large = results.first { $0.id == "latency-70b-cpu" }
    #expect(large?.verdict == .untestable("--quick leaves out models above 4B"))
  }

  @Test func aMachineWithOneCPUCannotTestTwoThreads() throws {
    let claims = try ClaimCatalogue.claims(named: ["speedup-2threads-125m"])
    let runner = try ClaimRunner(claims: claims, threads: 1)
    #expect(try runner.plan().pointCount == 0)
    #expect(try runner.results(from: [])[0].verdict == .untestable("this machine has too few CPUs"))
  }
}
