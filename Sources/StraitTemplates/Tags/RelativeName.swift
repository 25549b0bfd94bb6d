/// Names of templates that begin with `./` or `../`: from where the template is that names them.
enum RelativeName {
    /// The full name of `name`, which may have quotes (Django's `construct_relative_path`). Any other stays as it is.
    static func resolve(
        _ name: String, from current: String?, allowsSelf: Bool
    ) throws(TemplateError) -> String {
        let scalars = name.unicodeScalars
        let quote = scalars.first.flatMap { first in
            first == scalars.last && (first == "\"" || first == "'") ? String(first) : nil
        }
        let bare = name.replacing(/^['"]+|['"]+$/, with: "")
        guard bare.hasPrefix("./") || bare.hasPrefix("../") else { return name }
        guard let current else {
            throw .syntax("'\(bare)' is relative, but the template has no name. Give the full name.")
        }
        let own = current.replacing(/^\/+/, with: "")
        var parts = own.split(separator: "/").dropLast().map { String($0) }
        for part in bare.split(separator: "/") {
            switch part {
            case ".": break
            case "..":
                guard !parts.isEmpty else {
                    throw .syntax(
                        "The relative name '\(bare)' leads out of where the template '\(own)' is. Take a '../' away.")
                }
                parts.removeLast()
            default: parts.append(String(part))
            }
        }
        let result = parts.joined(separator: "/")
        guard allowsSelf || result != own else {
            throw .syntax("The relative name '\(bare)' is the template's own. Name another one.")
        }
        return (quote ?? "") + result + (quote ?? "")
    }
}
