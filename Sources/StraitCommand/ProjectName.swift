import StraitCommandLine

/// The name of a project, its folder, its module and its executable.
struct ProjectName: Hashable {
    /// The name as it was given.
    let module: String

    /// Takes a name that Swift takes as a module's, and that no module of the project's own has.
    init(_ name: String) throws(UsageError) { module = try ModuleName(name, of: .project).text }

    /// The type of its site: `BlogSite` of `blog`, `MyBlogSite` of `my_blog`, and `MySite` of `mysite`. Never the module's
    /// own name, behind which the module could not be named any more, nor the protocol's.
    var site: String {
        let type = module.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        guard type.count > 4, type.lowercased().hasSuffix("site") else { return type + "Site" }
        let spelled = type.dropLast(4) + "Site"
        return spelled == module ? spelled + "Site" : String(spelled)
    }
}
