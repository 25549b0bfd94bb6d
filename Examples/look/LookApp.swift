public import Strait

/// The things that the example pages share, as an app: the page that all of them extend, its style sheet, the script that
/// draws messages, and the pages of errors. A site that installs it calls its first page `index`, which every other one
/// links to.
public struct LookApp: App {
    public init() {}
}
