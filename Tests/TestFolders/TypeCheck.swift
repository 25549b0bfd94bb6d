import Foundation
import RedisServers

/// Type-checks `source` with the modules of this build, and returns the compiler's errors without place and file. The
/// source may import the modules up to `StraitMigrations`.
package func compilerErrors(_ source: String) async throws -> [String] {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let products = URL(fileURLWithPath: tests).deletingLastPathComponent()
    let sources = URL(filePath: #filePath).appending(path: "../../../Sources").standardized
    var output = ""
    try await withTemporaryFolder { folder in
        let file = folder + "/Model.swift"
        try source.write(toFile: file, atomically: true, encoding: .utf8)
        let arguments = [
            "swiftc", "-typecheck", "-swift-version", "6", "-package-name", "shop", "-I",
            products.appending(path: "Modules").path,
            "-Xcc", "-fmodule-map-file=" + products.appending(path: "CLinux.build/module.modulemap").path,
            "-Xcc", "-fmodule-map-file=" + sources.appending(path: "CSQLite/module.modulemap").path,
            "-Xcc", "-fmodule-map-file=" + sources.appending(path: "COpenSSL/module.modulemap").path,
            "-Xcc", "-fmodule-map-file=" + sources.appending(path: "CPostgres/module.modulemap").path,
            "-Xcc", "-I/usr/include/postgresql",
            "-load-plugin-executable",
            products.appending(path: "StraitModelMacros-tool").path + "#StraitModelMacros", file,
        ]
        // Foundation's Process sometimes crashes while it looks for the largest of many open descriptors.
        output = try await Errand.run("/usr/bin/env", arguments, limit: 600).text
    }
    return output.split(separator: "\n").compactMap { line in
        line.contains("error: ") && !line.contains("`-")
            ? line.firstRange(of: "error: ").map { String(line[$0.upperBound...]) } : nil
    }
}
