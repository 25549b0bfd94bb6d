/// The framework's version.
public enum Release {
    /// `major.minor.patch`, as `--version` prints it.
    public static let version = "0.1.0"
}
