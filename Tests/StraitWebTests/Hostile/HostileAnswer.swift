/// The first response in a server's output.
struct HostileAnswer {
    var status = 0
    var fields: [(name: String, value: String)] = []
    var body = ""

    init() {}

    /// Returns nil if the response is incomplete.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let end = text.utf8.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(text[..<end.lowerBound]).split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            fields.append((parts[0].lowercased(), String(parts.last?.drop { $0 == " " } ?? "")))
        }
        let rest = bytes[text.utf8.distance(from: text.startIndex, to: end.upperBound)...]
        guard let length = Int(self["content-length"] ?? "0"), rest.count >= length else { return nil }
        body = String(decoding: rest.prefix(length), as: UTF8.self)
    }

    /// The first value of the header with this lowercase name.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
}
