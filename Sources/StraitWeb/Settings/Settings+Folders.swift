internal import StraitForms
internal import StraitHTTP

extension Settings {
    /// Returns the problems of the folders in the settings: missing folders, and folders that overlap but must not.
    ///
    /// - Parameter sources: The sources of the site's static files.
    package func folderProblems(_ sources: [StaticSource]) -> [SettingsProblem] {
        var found: [SettingsProblem] = []
        func add(
            _ level: SettingsProblem.Level, _ setting: String, _ text: String, _ hint: String, _ id: String
        ) {
            found.append(
                SettingsProblem(level: level, setting: setting, text: text, hint: hint, id: id, place: places[setting]))
        }
        for folder in templateFolders {
            guard let problem = Self.problem(of: folder) else { continue }
            add(.error, "TEMPLATE_DIRS", problem, "Create the folder, or remove it from TEMPLATE_DIRS.", "strait.E012")
        }
        if let folder = fileUploadTemporaryFolder, let problem = Self.problem(of: folder) {
            add(
                .error, "FILE_UPLOAD_TEMP_DIR", problem, "Create the folder, or unset FILE_UPLOAD_TEMP_DIR.",
                "files.E001")
        }
        if let mediaRoot, let problem = Self.problem(of: mediaRoot) {
            let isMissing = FilePath.kind(of: mediaRoot, followsLinks: true) == nil
            add(
                isMissing ? .warning : .error, "MEDIA_ROOT", problem,
                isMissing ? "It is created when the first file is saved." : "Name a folder in MEDIA_ROOT, or unset it.",
                isMissing ? "strait.W004" : "strait.E012")
        }
        if let staticRoot {
            // If the folder does not exist yet, collectstatic creates it.
            if FilePath.kind(of: staticRoot, followsLinks: true) != nil, let problem = Self.problem(of: staticRoot) {
                add(.error, "STATIC_ROOT", problem, "Give STATIC_ROOT a folder.", "strait.E012")
            }
            if let parts = StaticRoot(staticRoot).overlap(with: sources)?.parts {
                add(.error, "STATIC_ROOT", parts.problem, parts.hint, "staticfiles.E002")
            }
        }
        found += relationProblems(sources)
        return found
    }

    /// Returns the problems of folders that contain each other. Uploaded files could become static files, or be removed
    /// with them.
    private func relationProblems(_ sources: [StaticSource]) -> [SettingsProblem] {
        var found: [SettingsProblem] = []
        func add(_ setting: String, _ text: String, _ hint: String, isError: Bool = true) {
            found.append(
                SettingsProblem(
                    level: isError ? .error : .warning, setting: setting, text: text, hint: hint,
                    id: isError ? "strait.E013" : "strait.W006", place: places[setting]))
        }
        if let mediaRoot {
            let media = FilePath.real(mediaRoot)
            let hint = "Give uploaded files a separate folder."
            if let staticRoot {
                let root = FilePath.real(staticRoot)
                if root == media {
                    add("MEDIA_ROOT", "It is the same folder as STATIC_ROOT, \(staticRoot).", hint)
                } else if FilePath.isInside(media, root) {
                    add("MEDIA_ROOT", "'\(mediaRoot)' is in STATIC_ROOT, \(staticRoot).", hint)
                } else if FilePath.isInside(root, media) {
                    add("MEDIA_ROOT", "'\(mediaRoot)' contains STATIC_ROOT, \(staticRoot).", hint, isError: false)
                }
            }
            for case .folder(let source) in sources where FilePath.isInside(media, FilePath.real(source)) {
                add("MEDIA_ROOT", "'\(mediaRoot)' is in \(source), a source of static files.", hint, isError: false)
            }
        }
        if let staticRoot {
            let root = FilePath.real(staticRoot)
            for folder in templateFolders where FilePath.isInside(FilePath.real(folder), root) {
                add(
                    "TEMPLATE_DIRS", "'\(folder)' is in STATIC_ROOT, \(staticRoot), which anyone may read.",
                    "Give templates a folder elsewhere.")
            }
        }
        return found
    }

    /// Returns a sentence that says why `path` is not a usable folder; nil if it is one.
    private static func problem(of path: String) -> String? {
        switch FilePath.kind(of: path, followsLinks: true) {
        case .folder: nil
        case nil: "There is no folder '\(path)'."
        default: "'\(path)' is not a folder."
        }
    }
}

extension FormLimits {
    /// Creates the limits that `settings` contain.
    init(_ settings: Settings) {
        self.init()
        parts.fields = settings.dataUploadMaxNumberFields
        parts.files = settings.dataUploadMaxNumberFiles
        parts.fieldBytes = settings.dataUploadMaxMemorySize
        memory = settings.fileUploadMaxMemorySize
        temporaryFolder = settings.fileUploadTemporaryFolder
    }
}

extension CSRFSettings {
    /// Creates the CSRF settings that `settings` contain.
    init(_ settings: Settings) {
        self.init()
        trustedOrigins = settings.csrfTrustedOrigins
        cookieName = settings.csrfCookieName
        cookieAge = settings.csrfCookieAge == 0 ? nil : settings.csrfCookieAge
        cookieDomain = settings.csrfCookieDomain
        cookiePath = settings.csrfCookiePath
        cookieSecure = settings.csrfCookieSecure
        cookieHTTPOnly = settings.csrfCookieHTTPOnly
        cookieSameSite = SetCookie.SameSite(rawValue: settings.csrfCookieSameSite)
        headerName = settings.csrfHeaderName
        limits = FormLimits(settings)
        treatsLoopbackAsOneHost = settings.debug
    }
}
