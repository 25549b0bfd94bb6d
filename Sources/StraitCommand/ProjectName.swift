import StraitCommandLine

/// The name of a project, which is also the name of its folder, module and executable.
struct ProjectName: Hashable {
    /// The name as given.
    let module: String

    /// Checks that the name can be a module's name and is not taken.
    init(_ name: String) throws(UsageError) { module = try ModuleName(name, of: .project).text }

    /// The type of the site: `BlogSite` for `blog`, `MyBlogSite` for `my_blog`, and `MySite` for `mysite`. It differs
    /// from the module's name, which it would hide, and from the protocol `Site`.
    var site: String {
        let type = module.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        guard type.count > 4, type.lowercased().hasSuffix("site") else { return type + "Site" }
        let spelled = type.dropLast(4) + "Site"
        return spelled == module ? spelled + "Site" : String(spelled)
    }
}
