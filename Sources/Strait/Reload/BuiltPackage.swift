import FoundationEssentials

/// The package that a program was built from, derived from its path: `…/.build/debug/mysite`.
struct BuiltPackage: Equatable {
    /// The folder that contains `Package.swift`.
    let folder: String
    /// The program's name, which is the name of its product.
    let product: String
    /// Whether it is a release build.
    let isRelease: Bool

    /// Finds the package. Returns nil if the program is not in a package's `.build` folder.
    ///
    /// - Parameter exists: Whether a file exists at a path.
    init?(program: String, exists: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }) {
        let parts = program.split(separator: "/").map(String.init)
        guard let product = parts.last, let build = parts.lastIndex(of: ".build") else { return nil }
        let folder = "/" + parts[..<build].joined(separator: "/")
        guard exists(folder + "/Package.swift") else { return nil }
        self.folder = folder
        self.product = product
        isRelease = parts[build...].contains("release")
    }

    /// The arguments of `swift` that rebuild the program.
    var buildArguments: [String] {
        ["build", "--package-path", folder, "--product", product] + (isRelease ? ["-c", "release"] : [])
    }
}
