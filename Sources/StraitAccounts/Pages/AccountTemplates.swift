/// The built-in templates of the account pages. Their texts are Django's.
enum AccountTemplates {
    static let texts: [String: String] = [
        "registration/base.html": base,
        "registration/login.html": page(
            form("Log in")
                + """
                <p><a href="{% url 'password_reset' %}">Forgotten your password?</a></p>
                {% url 'signup' as signup_url %}{% if signup_url %}<p><a href="{{ signup_url }}{% if next %}?next=\
                {{ next|urlencode }}{% endif %}">Sign up</a></p>{% endif %}

                """),
        "registration/logged_out.html": page(
            """
            <p>Thanks for spending some quality time with the web site today.</p>
            <p><a href="{% url 'login' %}">Log in again</a></p>

            """),
        "registration/signup.html": page(
            form("Sign up", rules)
                + """
                <p><a href="{% url 'login' %}{% if next %}?next={{ next|urlencode }}{% endif %}">Log in</a></p>

                """),
        "registration/password_change_form.html": page(
            """
            <p>Please enter your old password, for security’s sake, and then enter your new password twice so we can \
            verify you typed it in correctly.</p>

            """ + form("Change my password", rules)),
        "registration/password_change_done.html": page("<p>Your password was changed.</p>\n"),
        "registration/password_reset_form.html": page(
            """
            <p>Forgotten your password? Enter your email address below, and we’ll email instructions for setting a new \
            one.</p>

            """ + form("Reset my password")),
        "registration/password_reset_done.html": page(
            """
            <p>We’ve emailed you instructions for setting your password, if an account exists with the email you \
            entered. You should receive them shortly.</p>
            <p>If you don’t receive an email, please make sure you’ve entered the address you registered with, and \
            check your spam folder.</p>

            """),
        "registration/password_reset_confirm.html": page(
            """
            {% if validlink %}
            <p>Please enter your new password twice so we can verify you typed it in correctly.</p>

            """ + form("Change my password", rules)
                + """
                {% else %}
                <p>The password reset link was invalid, possibly because it has already been used. Please request a \
                <a href="{% url 'password_reset' %}">new password reset</a>.</p>
                {% endif %}

                """),
        "registration/password_reset_complete.html": page(
            """
            <p>Your password has been set. You may go ahead and log in now.</p>
            <p><a href="{{ login_url }}">Log in</a></p>

            """),
        "registration/password_reset_subject.txt":
            "{% autoescape off %}\nPassword reset on {{ site_name }}\n{% endautoescape %}",
        "registration/password_reset_email.html": email,
    ]

    private static func page(_ content: String) -> String {
        "{% extends \"registration/base.html\" %}\n{% block account %}\n\(content){% endblock %}\n"
    }

    private static let base = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{ title }}</title>
        </head>
        <body>
        <main>
        <h1>{{ title }}</h1>
        {% block account %}{% endblock %}
        </main>
        </body>
        </html>

        """

    /// The rules for a new password.
    private static let rules = """
        {% if password_rules %}<ul class="helptext">
        {% for rule in password_rules %}<li>{{ rule }}</li>
        {% endfor %}</ul>{% endif %}

        """

    private static func form(_ button: String, _ notes: String = "") -> String {
        """
        <form method="post">
        {% csrf_token %}
        {{ form }}
        {% if next %}<input type="hidden" name="next" value="{{ next }}">{% endif %}
        \(notes)<button type="submit">\(button)</button>
        </form>

        """
    }

    private static let email = """
        {% autoescape off %}
        You're receiving this email because you requested a password reset for your user account at {{ site_name }}.

        Please go to the following page and choose a new password:
        {% block reset_link %}
        {{ protocol }}://{{ domain }}{% url 'password_reset_confirm' uidb64=uid token=token %}
        {% endblock %}
        In case you’ve forgotten, you are: {{ user.get_username }}

        Thanks for using our site!

        The {{ site_name }} team

        {% endautoescape %}
        """
}
