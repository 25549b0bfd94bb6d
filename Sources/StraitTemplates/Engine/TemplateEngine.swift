public import Foundation
internal import Synchronization

/// An engine that finds, parses and caches templates. It holds their settings, tags and filters (Django's `Engine`).
///
/// ```swift
/// let engine = TemplateEngine(loaders: [FolderLoader("templates")])
/// let page = try engine.render("chat/room.html", ["room": "lobby"])
/// ```
///
/// All threads can share one engine, because its settings never change.
public final class TemplateEngine: Sendable {
    /// A closure that returns the URL of `{% url name … %}` for the route's name, the positional and the named
    /// arguments, and the context.
    ///
    /// An error that it throws becomes an error of the template. `{% url … as variable %}` ignores the error and sets
    /// the variable to an empty string.
    public typealias Reverse =
        @Sendable (
            _ name: String, _ arguments: [TemplateValue], _ named: [(name: String, value: TemplateValue)],
            _ context: TemplateContext
        ) throws -> String

    /// The loaders, in the order in which they are searched.
    public let loaders: [any TemplateLoader]
    /// Whether the engine reloads changed templates and `{% debug %}` prints the variables.
    public let isDebug: Bool
    /// Whether variables are escaped by default. A template can change this with `{% autoescape %}`.
    public let autoescape: Bool
    /// The text that an undefined variable prints. Each `%s` in it is replaced by the variable's name.
    public let stringIfInvalid: String
    /// The libraries for `{% load %}`, by name.
    public let libraries: [String: TemplateLibrary]
    /// The time zone for dates with a time (Django's `TIME_ZONE`).
    public let timeZone: TimeZone
    private let isUTC: Bool
    /// Whether dates with a time zone are converted to ``timeZone`` (Django's `USE_TZ`).
    public let usesTimeZone: Bool
    /// The text that `{% get_static_prefix %}` prints (Django's `STATIC_URL`).
    public let staticPrefix: String
    /// The text that `{% get_media_prefix %}` prints (Django's `MEDIA_URL`).
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

    /// Creates an engine.
    ///
    /// - Parameters:
    ///   - loaders: The loaders, in the order in which they are searched.
    ///   - isDebug: Whether to reload changed templates and to enable `{% debug %}`.
    ///   - autoescape: Whether to escape variables by default.
    ///   - stringIfInvalid: The text that an undefined variable prints.
    ///   - libraries: The libraries for `{% load %}`, by name.
    ///   - builtins: Libraries that need no `{% load %}`. A later library overrides earlier ones and Django's tags and
    ///     filters.
    ///   - timeZone: The time zone for dates with a time.
    ///   - usesTimeZone: Whether to convert dates with a time zone to `timeZone`.
    ///   - staticPrefix: The beginning of the URLs of static files.
    ///   - mediaPrefix: The beginning of the URLs of uploaded files.
    ///   - staticURL: Makes the URL of `{% static path %}`. If nil, the URL is `staticPrefix` and the path.
    ///   - reverse: Makes the URL of `{% url %}`. If nil, `{% url %}` is an error.
    ///   - clock: Returns the current time for `{% now %}`, `timesince` and `timeuntil`.
    ///   - random: Returns random bits for the filter `random` and for `{% lorem %}`.
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
        // The tags of `static` are built in. The entry lets Django templates keep their `{% load static %}`.
        self.libraries = ["static": .staticFiles].merging(libraries) { $1 }
        self.timeZone = timeZone
        isUTC = timeZone == .gmt || timeZone.identifier == "UTC"
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

    /// Renders the template `name` with `values` as its variables (Django's `render_to_string`).
    public func render(_ name: String, _ values: [String: TemplateValue] = [:]) throws(TemplateError) -> String {
        try template(name).render(values)
    }

    /// Returns the parsed template `name` (Django's `get_template`).
    ///
    /// - Throws: `notFound`, with all places that were tried, or the first error in the template's text.
    public func template(_ name: String) throws(TemplateError) -> Template {
        try find(name, skipping: [])
    }

    /// Returns the first of `names` that exists (Django's `select_template`).
    public func template(firstOf names: [String]) throws(TemplateError) -> Template {
        guard !names.isEmpty else {
            throw TemplateError(.notFound, "No template name was given. Pass at least one.")
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

    /// Returns a template parsed from `text`. Errors and relative template names use `name`.
    public func template(text: String, name: String? = nil) throws(TemplateError) -> Template {
        try Template(text, name: name, origin: nil, engine: self)
    }

    /// Returns a context with `values` for this engine's templates.
    public func context(_ values: [String: TemplateValue] = [:]) -> TemplateContext {
        TemplateContext(values, engine: self)
    }

    /// Returns the template `name` from the first origin that is not in `skipped`. A template can thus extend one of
    /// the same name.
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
        // One name can have several origins, and one origin several names.
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

    /// Converts `date` to the engine's time zone if it has a time and a zone (Django's `template_localtime`).
    func local(_ date: TemplateDate) -> TemplateDate {
        guard usesTimeZone, date.kind == .dateTime, date.zone != nil else { return date }
        if isUTC { return date.zone == .utc ? date : TemplateDate(moment: date.moment, zone: .utc) }
        return ZoneRules.local(moment: date.moment, timeZone)
    }

    /// The clock's current time, in the engine's time zone.
    var now: TemplateDate {
        ZoneRules.local(moment: TemplateDate(clock()).moment, timeZone)
    }

    /// A random number generator that uses the engine's `random`.
    var generator: EngineGenerator { EngineGenerator(draw: random) }
}

/// A random number generator that uses an engine's source of random bits.
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

/// A parsed template. Any number of threads can render it at the same time.
public struct Template: Sendable {
    /// The name that the template was looked up by, or nil if it was made from a string without a name.
    public let name: String?
    let origin: TemplateOrigin?
    let nodes: TemplateNodes
    let engine: TemplateEngine

    init(_ text: String, name: String?, origin: TemplateOrigin?, engine: TemplateEngine) throws(TemplateError) {
        self.name = name
        self.origin = origin
        self.engine = engine
        let parser = TemplateParser(text, name: name, origin: origin, engine: engine)
        nodes = try parser.parse()
    }

    /// Renders the template with `values` as its variables.
    ///
    /// - Throws: The first error, with its template and line.
    public func render(_ values: [String: TemplateValue] = [:]) throws(TemplateError) -> String {
        try render(TemplateContext(values, engine: engine))
    }

    /// Renders the template with the variables of `context`.
    public func render(_ context: TemplateContext) throws(TemplateError) -> String {
        var output = ""
        output.reserveCapacity(4096)
        try render(context, into: &output)
        return output
    }

    /// Appends the rendered template to `output`. Cycles and blocks start from a fresh state.
    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        context.state.push()
        defer { context.state.pop() }
        try nodes.render(context, into: &output)
    }
}
