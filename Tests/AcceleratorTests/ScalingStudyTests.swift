import Accelerator
import Testing
import Workloads

@Suite struct ScalingStudyTests {
  @Test func everyDesignStandsBesideFP16WithItsMemory() throws {
    let catalogue = try DesignCatalogue.shipped()
    let designs = try ["addsub-edge", "fp16-server", "fp16-edge", "lut-server"].map {
      try catalogue.design(named: $0)
    }
    let models = try ["700m", "3b"].map { try ModelCatalogue.builtIn().model(named: $0) }
    let study = ScalingStudy(models: models, designs: designs, prefillTokens: 128, tables: try .shipped())
    let entries = try study.run()
    #expect(entries.count == designs.count * models.count * 2)
    for entry in entries {
      let baseline = try #require(entry.baseline)
      #expect(baseline.design.dram == entry.design.dram)
      #expect(baseline.design.array.datapath == "fp16-mac")
      #expect(baseline.workload == entry.workload)
      if entry.design == baseline.design { #expect(entry.speedup == 1) }
    }
  }

  @Test func withoutFP16ThereIsNothingToCompareWith() throws {
    let design = try DesignCatalogue.shipped().design(named: "addsub-edge")
    let study = ScalingStudy(models: [], designs: [design], prefillTokens: 128, tables: try .shipped())
    #expect(study.baseline(of: design) == nil)
  }
}
