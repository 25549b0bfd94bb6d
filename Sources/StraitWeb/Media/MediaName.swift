internal import StraitHTTP

/// The names of files in ``MediaStorage``.
public enum MediaName {
    /// Makes a user's file name safe for any disk. Django's `get_valid_filename`.
    ///
    /// ```swift
    /// MediaName.valid("../john's portrait in 2004.jpg")       // johns_portrait_in_2004.jpg
    /// ```
    ///
    /// Spaces become underscores. Letters, digits, `-`, `_` and `.` are kept; all other characters are removed. Leading
    /// dots are removed too, because hidden files are not served. The name is cut to 200 bytes, but its extension is
    /// kept. An empty result becomes `file`.
    public static func valid(_ filename: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in filename.unicodeScalars {
            switch scalar {
            case " ": text.append("_")
            case "-", "_": text.append(scalar)
            case "." where !text.isEmpty: text.append(scalar)
            default: if scalar.properties.isAlphabetic || scalar.properties.numericType != nil { text.append(scalar) }
            }
        }
        let name = String(text)
        if name.isEmpty { return "file" }
        if name.utf8.count <= 200 { return name }
        let (root, suffix) = split(name)
        if suffix.utf8.count > 100 { return cut(name, to: 200) }
        return cut(root, to: 200 - suffix.utf8.count) + suffix
    }

    /// Checks that `name` is a path inside a folder.
    ///
    /// - Throws: ``MediaError/Code/badName`` if it is not.
    static func check(_ name: String) throws(MediaError) {
        if StaticName.isInside(name) { return }
        throw MediaError(
            .badName,
            "\(name.debugDescription) is not a valid name for an uploaded file. Separate its parts with `/`. No part "
                + "may be empty, begin with a dot or contain a backslash.")
    }

    static func percentCoded(_ name: String) -> String { PercentEncoding.encode(name, allowing: .path) }

    /// Inserts `digits` before the extension of `name`: `tea_x7Kq2Lm.jpg`. Django's `get_alternative_name`. The rest of
    /// the name is cut so that the result has at most 255 bytes, the limit of file systems.
    static func alternative(_ name: String, _ digits: String) -> String {
        let (root, suffix) = split(name)
        let room = 255 - suffix.utf8.count - digits.utf8.count - 1
        return (room > 0 ? cut(root, to: room) : "") + "_" + digits + suffix
    }

    /// Returns seven letters and digits for random bits.
    static func digits(_ bits: UInt64) -> String {
        let all = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
        var rest = bits
        var text: [UInt8] = []
        for _ in 0..<7 {
            text.append(all[Int(rest % 62)])
            rest /= 62
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Splits a file's name from its extensions: `archive` and `.tar.gz`.
    private static func split(_ name: String) -> (root: String, suffix: String) {
        guard let dot = name.utf8.dropFirst().firstIndex(of: 0x2E), name.utf8.last != 0x2E else { return (name, "") }
        return (String(name[..<dot]), String(name[dot...]))
    }

    /// Returns the first scalars of `text` that fit into `count` bytes.
    private static func cut(_ text: String, to count: Int) -> String {
        var result = String.UnicodeScalarView()
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            if size > count { break }
            result.append(scalar)
        }
        return String(result)
    }
}
