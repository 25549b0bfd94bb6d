public import Strait

/// The shared parts of the example pages, as an app: the base template, its style sheet, the script that shows
/// messages, and the error pages.
///
/// All pages link to the route `index`, which the site defines.
public struct LookApp: App {
    /// Creates the app, for a site's `installedApps`.
    public init() {}
}
