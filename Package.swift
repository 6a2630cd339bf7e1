// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is compiled with the same settings: Swift 6 mode, strict memory safety,
/// warnings are errors.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"), .enableExperimentalFeature("Lifetimes"),
]

/// Planted bugs (Tests/PLANTED.md) exist only where `SIGNET_PLANTED=1` is in the environment and
/// only in debug builds, so no release build can carry one.
let planted: [SwiftSetting] =
  Context.environment["SIGNET_PLANTED"] == "1"
  ? [.define("PLANTED", .when(configuration: .debug))] : []

/// A module of the product. The arrows of the architecture are the `dependencies` below, and
/// `tools/tidy` holds every `import` against them.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict + planted)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict + planted)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: strict + planted)
}

let package = Package(
  name: "signet",
  products: [
    .executable(name: "signetd", targets: ["signetd"]),
    .executable(name: "signetctl", targets: ["signetctl"]),
    .executable(name: "signetbench", targets: ["signetbench"]),
    .library(name: "SignetClient", targets: ["SignetClient"]),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CLinux"),
    module("LinuxIO", ["CLinux"]),
    module("TokenCrypto", ["COpenSSL"]),
    module("TokenWire"),
    module("TokenCore"),
    module("TokenStorage", ["TokenCore", "TokenCrypto", "LinuxIO"]),
    module("TokenServer", ["TokenStorage", "TokenCore", "TokenCrypto", "TokenWire", "LinuxIO"]),
    module("SignetClient", ["TokenWire", "LinuxIO"]),
    program("signetd", ["TokenServer", "LinuxIO"]),
    program("signetctl", ["SignetClient", "TokenWire", "LinuxIO"]),
    // A load driver over sockets, and besides: `echo-server` is signetd's own event loop
    // (TokenServer), and the in-process rows measure tables and crypto without a socket.
    program(
      "signetbench",
      [
        "TokenServer", "TokenStorage", "TokenCore", "TokenCrypto", "SignetClient", "TokenWire",
        "LinuxIO",
      ]),
    .target(
      name: "StorageSupport", dependencies: ["TokenStorage", "TokenCore", "TokenCrypto", "LinuxIO"],
      path: "Tests/StorageSupport", swiftSettings: strict + planted),
    .target(
      name: "TestSupport", dependencies: ["TokenWire"], path: "Tests/TestSupport",
      swiftSettings: strict),
    // A scripted server on a Unix socket, for the two suites that test clients.
    .target(
      name: "FakeSignet", dependencies: ["TokenWire", "LinuxIO"], path: "Tests/FakeSignet",
      swiftSettings: strict),
    tests("LinuxIOTests", ["LinuxIO"]),
    tests("TokenCryptoTests", ["TokenCrypto"]),
    tests("TokenWireTests", ["TokenWire"]),
    tests("TokenCoreTests", ["TokenCore"]),
    tests(
      "TokenServerTests",
      [
        "TokenServer", "TokenStorage", "StorageSupport", "TokenCore", "TokenCrypto", "TokenWire",
        "LinuxIO",
      ]),
    tests(
      "TokenStorageTests",
      ["TokenStorage", "StorageSupport", "TokenCore", "TokenCrypto", "LinuxIO"]),
    tests(
      "SimulationTests", ["TokenStorage", "StorageSupport", "TokenCore", "TokenCrypto", "LinuxIO"]),
    tests("SignetClientTests", ["SignetClient", "TokenWire", "LinuxIO", "FakeSignet"]),
    tests(
      "SignetCtlTests", ["signetctl", "SignetClient", "TokenWire", "LinuxIO", "FakeSignet"]),
    tests("SignetBenchTests", ["signetbench", "TokenServer", "TokenWire", "LinuxIO"]),
    tests("EndToEndTests", ["SignetClient", "TokenWire", "LinuxIO"]),
  ]
)
