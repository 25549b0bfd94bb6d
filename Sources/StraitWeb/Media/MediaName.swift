internal import StraitHTTP

/// Names of files in ``MediaStorage``.
public enum MediaName {
    /// The name that a user gave a file, as one that every disk takes; Django's `get_valid_filename`. Spaces become
    /// underscores, and everything is left out that is not a letter, a digit, `-`, `_` or `.`. `file` if nothing is left.
    ///
    /// ```swift
    /// MediaName.valid("../john's portrait in 2004.jpg")       // johns_portrait_in_2004.jpg
    /// ```
    ///
    /// Dots in front are left out too, since hidden files are not served, and the name is cut to 200 bytes, its extension
    /// kept.
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

    /// - Throws: ``MediaError/Code/badName`` for a name that is no path in a folder.
    static func check(_ name: String) throws(MediaError) {
        if StaticName.isInside(name) { return }
        throw MediaError(
            .badName,
            "\(name.debugDescription) is no name of an uploaded file. Name it by parts with `/` between them, none of them "
                + "empty, with a dot in front or with a backslash.")
    }

    static func percentCoded(_ name: String) -> String { PercentEncoding.encode(name, allowing: .path) }

    /// `name` with `digits` in front of its extension: `tea_x7Kq2Lm.jpg`; Django's `get_alternative_name`. The name's end
    /// is cut as far as a disk's limit of 255 bytes demands.
    static func alternative(_ name: String, _ digits: String) -> String {
        let (root, suffix) = split(name)
        let room = 255 - suffix.utf8.count - digits.utf8.count - 1
        return (room > 0 ? cut(root, to: room) : "") + "_" + digits + suffix
    }

    /// Seven letters and digits.
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

    /// A file's name without its extensions, and these: `archive` and `.tar.gz`.
    private static func split(_ name: String) -> (root: String, suffix: String) {
        guard let dot = name.utf8.dropFirst().firstIndex(of: 0x2E), name.utf8.last != 0x2E else { return (name, "") }
        return (String(name[..<dot]), String(name[dot...]))
    }

    /// The first scalars of `text` in at most `count` bytes.
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
