import ArgumentParser
import Bench
import Testing

@testable import bitlab

@Suite struct ArgumentTests {
  @Test(arguments: [
    ("1", [1]), ("1,128", [1, 128]), ("1..4", [1, 2, 3, 4]), ("2..9+3", [2, 5, 8]),
    ("1..512*2", [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]), ("3..20*3,7", [3, 9, 7]),
  ])
  func listsOfNumbers(_ text: String, _ expected: [Int]) throws {
    #expect(try NumberList.parse(text) == expected)
  }

  @Test(arguments: [
    "", "0", "-1", "x", "1,", ",1", "1..", "..3", "1..8*1", "1..8*0", "1..9999999+1", "99999999999",
  ])
  func brokenListsOfNumbers(_ text: String) {
    #expect(throws: ValidationError.self) { try NumberList.parse(text) }
  }

  @Test func shapes() throws {
    #expect(try ShapeArgument.parse("3200x8640") == BenchShape(outFeatures: 3200, inFeatures: 8640))
    #expect(try ShapeArgument.parse("1X1") == BenchShape(outFeatures: 1, inFeatures: 1))
    for text in ["0x5", "5x0", "5", "5x", "x5", "5x5x5", "-1x5", "16777217x1", "16777216x16777216", "5 x 5"] {
      #expect(throws: ValidationError.self, "\(text)") { try ShapeArgument.parse(text) }
    }
  }

  @Test func percentages() throws {
    #expect(try Percentage.parse("1%") == 0.01)
    #expect(try Percentage.parse("0.5") == 0.005)
    for text in ["0", "-1%", "101%", "%", "nan", "one"] {
      #expect(throws: ValidationError.self, "\(text)") { try Percentage.parse(text) }
    }
  }

  @Test func environmentFillsInWhatTheCommandLineLeavesOut() {
    let options: [String: [String: EnvironmentDefaults.OptionKind]] = [
      "bench": ["max-time": .value, "isa": .value, "fused": .flag], "runs list": ["format": .value],
    ]
    func applied(_ arguments: [String], _ environment: [String: String]) -> [String] {
      EnvironmentDefaults.apply(to: arguments, environment: environment, options: options)
    }
    #expect(applied(["bench"], ["BITLAB_MAX_TIME": "2"]) == ["bench", "--max-time=2"])
    #expect(applied(["bench", "--max-time", "1"], ["BITLAB_MAX_TIME": "2"]) == ["bench", "--max-time", "1"])
    #expect(applied(["bench", "--max-time=1"], ["BITLAB_MAX_TIME": "2"]) == ["bench", "--max-time=1"])
    #expect(applied(["bench"], ["BITLAB_FUSED": "1"]) == ["bench", "--fused"])
    #expect(applied(["bench"], ["BITLAB_FUSED": "0"]) == ["bench"])
    #expect(applied(["bench"], ["BITLAB_MAX_ISA": "avx2"]) == ["bench", "--isa=avx2"])
    #expect(
      applied(["bench"], ["BITLAB_MAX_ISA": "avx2", "BITLAB_ISA": "scalar"]) == ["bench", "--isa=scalar"])
    #expect(applied(["list"], ["BITLAB_MAX_TIME": "2"]) == ["list"])
    #expect(applied(["runs", "list"], ["BITLAB_FORMAT": "csv"]) == ["runs", "list", "--format=csv"])
    #expect(applied(["runs"], ["BITLAB_FORMAT": "csv"]) == ["runs"])
    #expect(applied([], ["BITLAB_MAX_TIME": "2"]) == [])
  }

  @Test func everySubcommandsOptionsAreKnown() {
    let options = OptionNames.bySubcommand()
    #expect(options["bench"]?["max-time"] == .value)
    #expect(options["bench"]?["fused"] == .flag)
    #expect(options["doctor"]?["probe"] == .flag)
    #expect(options["bench"]?["store"] == .value)
    #expect(options["runs export"]?["output"] == .value)
    #expect(options["runs"] == nil)
    #expect(options["bench"]?["help"] == nil)
  }

  /// An option of bench either decides what is measured, and is taken over by --resume, or how results are written.
  @Test func everyOptionThatDecidesThePlanIsResumed() {
    let options = Set((OptionNames.bySubcommand()["bench"] ?? [:]).keys)
    let ofWriting: Set = ["format", "output", "store", "no-store", "resume"]
    // Whole models and model files are other kinds of runs, which are not kept.
    let ofOtherRuns: Set = ["whole-model", "model-file", "decoded-tokens", "i2s-layout"]
    #expect(options.subtracting(ofWriting).subtracting(ofOtherRuns) == Set(PlanOption.all.map(\.name)))
  }

  @Test func progressShowsShareAndTimeLeft() {
    let progress = BenchProgress(
      completedPoints: 1, totalPoints: 4, activity: "measuring", elapsedSeconds: 30)
    #expect(progress.remainingSeconds == 90)
    #expect(ProgressBar.line(progress) == "[######..................] 1/4, 1 min 30 s left  measuring")
    let begin = BenchProgress(completedPoints: 0, totalPoints: 4, activity: "packing", elapsedSeconds: 1)
    #expect(ProgressBar.line(begin) == "[........................] 0/4  packing")
  }
}
