import FoundationEssentials

/// The package that a program was built from, as its path tells: `…/.build/debug/mysite`.
struct BuiltPackage: Equatable {
    /// The folder with `Package.swift`.
    let folder: String
    /// The program's name, which is its product's.
    let product: String
    /// Whether it was built for release.
    let isRelease: Bool

    /// - Parameter exists: Whether there is a file at a path.
    init?(program: String, exists: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }) {
        let parts = program.split(separator: "/").map(String.init)
        guard let product = parts.last, let build = parts.lastIndex(of: ".build") else { return nil }
        let folder = "/" + parts[..<build].joined(separator: "/")
        guard exists(folder + "/Package.swift") else { return nil }
        self.folder = folder
        self.product = product
        isRelease = parts[build...].contains("release")
    }

    /// What builds it again.
    var buildArguments: [String] {
        ["build", "--package-path", folder, "--product", product] + (isRelease ? ["-c", "release"] : [])
    }
}
