// swift-tools-version: 6.2
import PackageDescription

// Arrows go down only; `make build` checks it (--explicit-target-dependency-import-check=error).
//
//  6  oomwarden                                      the commands and the wiring; sees everything
//  5  API                                            → MicroHTTP, Representation, Monitor, Store, Diagnosis, Kernel
//  4  Monitor                                        → Host, Store, Diagnosis, Kernel
//  3  Host   Store   Representation   MicroHTTP      → Diagnosis, Kernel;  MicroHTTP → CMicroHTTPD only
//  2  Diagnosis                                      → Kernel
//  1  Kernel          C… system libraries            → nothing
//
// Kernel, Diagnosis and Representation have no I/O, no clock, no logging, no global state.
// MicroHTTP knows nothing of memory, Kernel nothing of HTTP or JSON.
// Diagnosis never sees text, Representation never sees a file.
// No target but tests imports Foundation; no target holds a type of its own name.

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// What `make build` says of the build, for `build_info`; a plain `swift build` says nothing.
func told(_ name: String) -> CSetting {
    .define(name, to: "\"\(Context.environment[name] ?? "unknown")\"")
}

let package = Package(
    name: "oomwarden",
    products: [.executable(name: "oomwarden", targets: ["oomwarden"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CGnuTLS", pkgConfig: "gnutls", providers: [.apt(["libgnutls28-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "CLinux"),

        .target(name: "CBuildInfo", cSettings: [told("OOMWARDEN_REVISION"), told("OOMWARDEN_SWIFT")]),

        .target(name: "CDocuments"),

        .target(name: "Kernel", swiftSettings: house),
        .target(name: "Diagnosis", dependencies: ["Kernel"], swiftSettings: house),
        .target(
            name: "Host", dependencies: ["CGnuTLS", "CLinux", "CLZMA", "CYAML", "CZlib", "CZstd", "Diagnosis", "Kernel"],
            swiftSettings: house),
        .target(name: "Store", dependencies: ["CSQLite", "CZlib", "Diagnosis", "Kernel"], swiftSettings: house),
        .target(name: "Representation", dependencies: ["CZlib", "Diagnosis", "Kernel"], swiftSettings: house),
        .target(name: "MicroHTTP", dependencies: ["CMicroHTTPD"], swiftSettings: house),
        .target(name: "Monitor", dependencies: ["Host", "Store", "Diagnosis", "Kernel", log], swiftSettings: house),
        .target(
            name: "API",
            dependencies: ["CDocuments", "MicroHTTP", "Representation", "Monitor", "Store", "Diagnosis", "Kernel", log],
            swiftSettings: house),
        .executableTarget(
            name: "oomwarden",
            dependencies: [
                "API", "MicroHTTP", "Representation", "Monitor", "Host", "Store", "Diagnosis", "Kernel", "CBuildInfo", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),

        .target(
            name: "Support", dependencies: ["Kernel"], path: "Tests/Support", exclude: ["Fixtures", "Golden"],
            swiftSettings: house),
        .target(
            name: "APISupport",
            dependencies: [
                "API", "MicroHTTP", "Representation", "Monitor", "Host", "Store", "Diagnosis", "Kernel", "Support", log,
            ],
            path: "Tests/APISupport", swiftSettings: house),
        // Processes for the kernel to choose from.
        .executableTarget(name: "hog", path: "Tests/Hog"),
        // Processes that have children.
        .executableTarget(name: "storm", path: "Tests/Storm"),
        // Who is killed while it protects.
        .executableTarget(
            name: "Protector", dependencies: ["Monitor", "Host", "Store", "Kernel"], path: "Tests/Protector",
            swiftSettings: house),
        .testTarget(name: "KernelTests", dependencies: ["Kernel", "Support"], swiftSettings: house),
        .testTarget(name: "DiagnosisTests", dependencies: ["Diagnosis", "Kernel", "Support"], swiftSettings: house),
        .testTarget(
            name: "HostTests", dependencies: ["hog", "Host", "CLZMA", "CZlib", "CZstd", "Diagnosis", "Kernel", "Support"],
            swiftSettings: house),
        // Who is killed while it writes.
        .executableTarget(
            name: "StoreWriter", dependencies: ["Store", "Kernel"], path: "Tests/StoreWriter", swiftSettings: house),
        .testTarget(
            name: "StoreTests", dependencies: ["Store", "StoreWriter", "CSQLite", "Diagnosis", "Kernel", "Support"],
            swiftSettings: house),
        .testTarget(
            name: "RepresentationTests", dependencies: ["Representation", "CZlib", "Diagnosis", "Kernel", "Support"],
            swiftSettings: house),
        .testTarget(name: "MicroHTTPTests", dependencies: ["MicroHTTP", "Support"], swiftSettings: house),
        .testTarget(
            name: "MonitorTests",
            dependencies: ["hog", "storm", "Protector", "Monitor", "Host", "Store", "Diagnosis", "Kernel", "Support", log],
            swiftSettings: house),
        .testTarget(
            name: "APITests",
            dependencies: ["API", "APISupport", "MicroHTTP", "Representation", "Monitor", "Diagnosis", "Kernel", "Support", log],
            swiftSettings: house),
        .testTarget(
            name: "ContractTests", dependencies: ["API", "APISupport", "MicroHTTP", "Kernel", "Support", log],
            swiftSettings: house),
        // It runs the program and sees nothing of its code; the dependency has it built.
        .testTarget(name: "EndToEndTests", dependencies: ["oomwarden", "storm", "Kernel", "Support"], swiftSettings: house),
    ],
    swiftLanguageModes: [.v6])
