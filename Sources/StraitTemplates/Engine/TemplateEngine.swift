public import Foundation
internal import Synchronization

/// Finds templates, keeps them parsed, and knows what they may use (Django's `Engine`).
///
/// ```swift
/// let engine = TemplateEngine(loaders: [FolderLoader("templates")])
/// let page = try engine.render("chat/room.html", ["room": "lobby"])
/// ```
///
/// It is shared by all threads. Its settings do not change.
public final class TemplateEngine: Sendable {
    /// Makes the URL of `{% url name … %}`: the name, the arguments in their order, those with names, and the context.
    /// What it throws is an error of the template, but for `{% url … as variable %}`, which is then empty.
    public typealias Reverse =
        @Sendable (
            _ name: String, _ arguments: [TemplateValue], _ named: [(name: String, value: TemplateValue)],
            _ context: TemplateContext
        ) throws -> String

    /// Where templates are looked for, one after the other.
    public let loaders: [any TemplateLoader]
    /// Whether a template is parsed again when its file has changed, and `{% debug %}` prints.
    public let isDebug: Bool
    /// Whether variables are escaped, unless a template says otherwise.
    public let autoescape: Bool
    /// What an undefined variable prints; `%s` in it is the variable's name.
    public let stringIfInvalid: String
    /// What `{% load name %}` loads.
    public let libraries: [String: TemplateLibrary]
    /// The zone in which moments are shown (Django's `TIME_ZONE`).
    public let timeZone: TimeZone
    /// Whether moments are converted to ``timeZone`` (Django's `USE_TZ`).
    public let usesTimeZone: Bool
    /// What `{% get_static_prefix %}` prints (Django's `STATIC_URL`).
    public let staticPrefix: String
    /// What `{% get_media_prefix %}` prints (Django's `MEDIA_URL`).
    public let mediaPrefix: String
    let staticURL: (@Sendable (String) throws -> String)?
    let reverse: Reverse?
    let clock: @Sendable () -> Date
    let random: @Sendable () -> UInt64

    let builtinTags: [String: TemplateTag]
    let builtinFilters: [String: TemplateFilter]
    private let cache = Mutex<[String: CachedTemplate]>([:])

    private struct CachedTemplate {
        let template: Template
        let version: String?
    }

    /// An engine.
    ///
    /// - Parameters:
    ///   - loaders: Where templates are looked for, one after the other.
    ///   - isDebug: Have changed files be parsed again.
    ///   - autoescape: Escape variables.
    ///   - stringIfInvalid: What an undefined variable prints.
    ///   - libraries: What `{% load %}` loads, by name.
    ///   - builtins: Libraries that need no `{% load %}`. Later ones replace what earlier ones and Django's have.
    ///   - timeZone: Where moments are shown.
    ///   - usesTimeZone: Have moments be converted to `timeZone`.
    ///   - staticPrefix: What the URLs of static files begin with.
    ///   - mediaPrefix: What the URLs of uploaded files begin with.
    ///   - staticURL: Makes the URL of `{% static path %}`; without one it is `staticPrefix` and the path.
    ///   - reverse: Makes the URL of `{% url %}`; without one that tag is an error.
    ///   - clock: The time of `{% now %}`, `timesince` and `timeuntil`.
    ///   - random: Random bits for the filter `random` and `{% lorem random %}`.
    public init(
        loaders: [any TemplateLoader] = [], isDebug: Bool = false, autoescape: Bool = true,
        stringIfInvalid: String = "", libraries: [String: TemplateLibrary] = [:], builtins: [TemplateLibrary] = [],
        timeZone: TimeZone = .gmt, usesTimeZone: Bool = true, staticPrefix: String = "/static/",
        mediaPrefix: String = "/media/", staticURL: (@Sendable (String) throws -> String)? = nil,
        reverse: Reverse? = nil, clock: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 0...UInt64.max) }
    ) {
        self.loaders = loaders
        self.isDebug = isDebug
        self.autoescape = autoescape
        self.stringIfInvalid = stringIfInvalid
        // Known already, so loading it changes nothing; a template that does is at home in Django.
        self.libraries = ["static": .staticFiles].merging(libraries) { $1 }
        self.timeZone = timeZone
        self.usesTimeZone = usesTimeZone
        self.staticPrefix = staticPrefix
        self.mediaPrefix = mediaPrefix
        self.staticURL = staticURL
        self.reverse = reverse
        self.clock = clock
        self.random = random
        let all = [TemplateLibrary.tags, .filters, .staticFiles] + builtins
        builtinTags = all.reduce(into: [:]) { $0.merge($1.tags) { $1 } }
        builtinFilters = all.reduce(into: [:]) { $0.merge($1.filters) { $1 } }
    }

    /// Renders the template called `name` with `values` as its variables (Django's `render_to_string`).
    public func render(_ name: String, _ values: [String: TemplateValue] = [:]) throws(TemplateError) -> String {
        try template(name).render(values)
    }

    /// The template called `name`, parsed (Django's `get_template`).
    ///
    /// - Throws: `notFound` with all places that were tried, or what is wrong with its text.
    public func template(_ name: String) throws(TemplateError) -> Template {
        try find(name, skipping: [])
    }

    /// The first of `names` that there is (Django's `select_template`).
    public func template(firstOf names: [String]) throws(TemplateError) -> Template {
        guard !names.isEmpty else {
            throw TemplateError(.notFound, "No name of a template was given. Give at least one.")
        }
        var first: TemplateError?
        for name in names {
            do {
                return try template(name)
            } catch {
                guard error.code == .notFound else { throw error }
                first = first ?? error
            }
        }
        guard names.count > 1 || first == nil else { throw first ?? TemplateError(.notFound, "") }
        throw TemplateError(
            .notFound,
            "None of the templates \(names.map { "'\($0)'" }.joined(separator: ", ")) exists. Add one of them.")
    }

    /// A template of a text. `name` is for errors, and for paths in it that are relative.
    public func template(text: String, name: String? = nil) throws(TemplateError) -> Template {
        try Template(text, name: name, origin: nil, engine: self)
    }

    /// A context of `values` for templates of this engine.
    public func context(_ values: [String: TemplateValue] = [:]) -> TemplateContext {
        TemplateContext(values, engine: self)
    }

    /// The template called `name`, but none of `skipped`: what a template that extends one of its own name asks for.
    func find(_ name: String, skipping skipped: [TemplateOrigin]) throws(TemplateError) -> Template {
        if !isDebug, skipped.isEmpty, let found = cache.withLock({ $0[name] }) { return found.template }
        var tried: [String] = []
        for loader in loaders {
            for origin in loader.origins(of: name) {
                if skipped.contains(origin) {
                    tried.append("\(origin.name) (skipped, as it is being extended)")
                    continue
                }
                if let template = try template(name, at: origin, loader) {
                    if !isDebug, skipped.isEmpty {
                        cache.withLock { $0[name] = CachedTemplate(template: template, version: nil) }
                    }
                    return template
                }
                tried.append(origin.name)
            }
        }
        throw .notFound(name, tried: tried)
    }

    private func template(
        _ name: String, at origin: TemplateOrigin, _ loader: any TemplateLoader
    ) throws(TemplateError) -> Template? {
        // A name may lead to several origins, and an origin may have several names.
        let key = "\(name)\u{0}\(origin.name)"
        let version = isDebug ? loader.version(of: origin) : nil
        if let found = cache.withLock({ $0[key] }), found.version == version, !isDebug || version != nil {
            return found.template
        }
        guard let text = try loader.text(of: origin) else { return nil }
        let template = try Template(text, name: name, origin: origin, engine: self)
        cache.withLock { $0[key] = CachedTemplate(template: template, version: version) }
        return template
    }

    /// `date` in the engine's zone, where it is a moment (Django's `template_localtime`).
    func local(_ date: TemplateDate) -> TemplateDate {
        guard usesTimeZone, date.kind == .dateTime, date.zone != nil else { return date }
        return ZoneRules.local(moment: date.moment, timeZone)
    }

    /// The time of the clock, in the engine's zone.
    var now: TemplateDate {
        ZoneRules.local(moment: TemplateDate(clock()).moment, timeZone)
    }

    /// Random numbers of the engine's.
    var generator: EngineGenerator { EngineGenerator(draw: random) }
}

/// Random numbers of an engine's source.
struct EngineGenerator: RandomNumberGenerator {
    let draw: @Sendable () -> UInt64
    func next() -> UInt64 { draw() }
}

extension TemplateError {
    static func notFound(_ name: String, tried: [String]) -> TemplateError {
        let places = tried.map { "\n- \($0)" }.joined()
        return TemplateError(
            .notFound,
            "The template '\(name)' does not exist. "
                + (tried.isEmpty
                    ? "No loader knows where to look for it; check its name and the engine's loaders."
                    : "Add it in one of these places, which were tried:" + places))
    }
}
