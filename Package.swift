// swift-tools-version: 6.0
import PackageDescription

/// Hides GRDB's operators from files that do not import it: they make type checking too slow.
let ownImportsOnly: [SwiftSetting] = [.enableUpcomingFeature("MemberImportVisibility")]

let package = Package(
  name: "bitlab",
  products: [.executable(name: "bitlab", targets: ["bitlab"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // The hot loops. Optimised in debug builds too: an unoptimised kernel proves nothing and takes hours.
    .target(
      name: "CKernels",
      path: "Kernels",
      publicHeadersPath: "include",
      cSettings: [
        .headerSearchPath("."),
        .unsafeFlags(["-O3", "-std=c11", "-Wall", "-Wextra", "-Werror"]),
      ]
    ),
    .systemLibrary(name: "CPAPI", pkgConfig: "papi", providers: [.apt(["libpapi-dev"])]),
    .systemLibrary(name: "CNUMA", pkgConfig: "numa", providers: [.apt(["libnuma-dev"])]),

    .target(name: "Ternary", swiftSettings: [.unsafeFlags(["-O"])]),  // loops over whole matrices
    .target(
      name: "Workloads",
      dependencies: [.product(name: "Yams", package: "Yams")],
      resources: [.embedInCode("Resources/models.yaml")]
    ),
    .target(name: "KernelZoo", dependencies: ["Ternary", "CKernels"]),
    .target(name: "Machine", dependencies: ["CPAPI", "CNUMA", "CKernels"]),
    .target(
      name: "Accelerator",
      dependencies: ["Ternary", "Workloads", .product(name: "Yams", package: "Yams")],
      resources: [.copy("Resources/designs"), .copy("Resources/tables"), .copy("Resources/devices")],
      swiftSettings: [.unsafeFlags(["-O"])]  // tests walk thousands of designs, and every cycle of some
    ),
    .target(
      name: "ModelFiles", dependencies: ["Ternary"],
      swiftSettings: [.unsafeFlags(["-O"])]  // decodes whole models
    ),
    .target(
      name: "Inference", dependencies: ["KernelZoo", "ModelFiles", "Ternary", "Workloads", "CKernels"],
      swiftSettings: [.unsafeFlags(["-O"])]  // a whole forward pass in plain loops is its reference
    ),
    .target(
      name: "Bench",
      dependencies: [
        "KernelZoo", "Machine", "Workloads", "Accelerator", "ModelFiles", "Inference", "Ternary",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      resources: [.embedInCode("Resources/claim-models.yaml")],
      swiftSettings: ownImportsOnly
    ),
    .target(
      name: "Reporting",
      dependencies: ["Bench", "Inference", "KernelZoo", "Machine", "ModelFiles", "Accelerator", "Workloads"],
      swiftSettings: ownImportsOnly),
    .executableTarget(
      name: "bitlab",
      dependencies: [
        "Ternary", "Workloads", "KernelZoo", "Machine", "Accelerator", "ModelFiles", "Inference", "Bench",
        "Reporting", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: ownImportsOnly
    ),

    .testTarget(name: "TernaryTests", dependencies: ["Ternary"]),
    .testTarget(name: "WorkloadsTests", dependencies: ["Workloads"]),
    .target(
      name: "CountedKernels",
      dependencies: ["CKernels"],
      path: "Tests/CountedKernels",
      exclude: ["activation", "common", "include", "packing", "probe", "transformer", "registry.c", "cpu.c"]
        .map {
          "Kernels/\($0)"
        },
      publicHeadersPath: "include",
      cSettings: [
        .headerSearchPath("../../Kernels"),
        .define("BL_COUNTING"),
        .unsafeFlags(["-std=c11", "-Wall", "-Wextra", "-Werror"]),
      ]
    ),
    .testTarget(
      name: "KernelZooTests",
      dependencies: ["KernelZoo", "CKernels", "CountedKernels", "Ternary"],
      swiftSettings: [.unsafeFlags(["-O"])]  // millions of entries are compared
    ),
    .testTarget(name: "MachineTests", dependencies: ["Machine", "CKernels"]),
    .testTarget(name: "AcceleratorTests", dependencies: ["Accelerator", "Ternary", "Workloads"]),
    .testTarget(
      name: "ModelFilesTests", dependencies: ["ModelFiles", "Ternary"],
      swiftSettings: [.unsafeFlags(["-O"])]  // whole models of random weights are written and read
    ),
    .testTarget(
      name: "InferenceTests",
      dependencies: ["Inference", "KernelZoo", "Machine", "ModelFiles", "Ternary", "CKernels", "Workloads"],
      exclude: ["Reference/numpy_reference.py", "Synthesis/llama_cpp_text.py"],
      swiftSettings: [.unsafeFlags(["-O"])]  // error bounds of every element of every layer
    ),
    .testTarget(
      name: "BenchTests",
      dependencies: [
        "Accelerator", "Bench", "Inference", "KernelZoo", "ModelFiles", "Ternary", "Workloads",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["Store/Schemas"]
    ),
    .testTarget(
      name: "ReportingTests", dependencies: ["Accelerator", "Bench", "Inference", "Reporting", "Workloads"],
      exclude: ["Golden"]),
    .testTarget(name: "CommandLineTests", dependencies: ["bitlab", "Accelerator"], exclude: ["Golden"]),
  ],
  swiftLanguageModes: [.v6]
)
