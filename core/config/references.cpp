// SPDX-License-Identifier: Apache-2.0
// Resolving references. A message names where was looked, never what was found.
#include "core/config/references.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace carrick::config {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLargest = std::size_t{64} * 1024;

/// A file's text without its last line end, or why there is none.
struct Content {
    std::optional<std::string> text;
    std::string trouble;
};

Content read_small_file(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return {std::nullopt, "is not a file"};
    std::ifstream file(path, std::ios::binary);
    std::string text(kLargest + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || !file.is_open()) return {std::nullopt, "cannot be read"};
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kLargest) return {std::nullopt, "has more than 64 KiB"};
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    if (text.empty()) return {std::nullopt, "is empty"};
    return {std::move(text), ""};
}

/// A secret that others can read is no secret.
std::string permission_trouble(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return "cannot be read";
    if (status.st_uid != ::geteuid() && status.st_uid != 0) return "belongs to another user";
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return "can be read by others; run chmod 600 on it";
    return {};
}

bool is_plain_name(const std::string& name) {
    return !name.empty() && name.size() <= 200 && name.front() != '.' &&
           name.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
               "0123456789_.-") == std::string::npos;
}

class Resolver {
public:
    Resolver(const ReferenceSources& sources, Problems& problems, bool environment_only = false)
        : sources_(sources), problems_(problems), environment_only_(environment_only) {}

    void walk(Node& node, const std::string& key) {
        if (node.is_scalar()) return scalar(node, key);
        for (std::size_t i = 0; i < node.items.size(); ++i)
            walk(node.items[i], key + "[" + std::to_string(i) + "]");
        for (NodeEntry& entry : node.entries) {
            const bool expression =
                key.starts_with("flows.") && (entry.key == "where" || entry.key == "mapping");
            if (!expression || key.find(".settings") != std::string::npos)
                walk(entry.value, join_key(key, entry.key));
        }
    }

    void scalar(Node& node, const std::string& key) {
        const std::size_t start = node.text.find("${");
        // What was resolved is never read again, not even for further references.
        if (node.broken || node.resolved || start == std::string::npos) return;
        const std::size_t colon = node.text.find(':');
        if (start != 0 || node.text.find('}') + 1 != node.text.size() || colon == std::string::npos)
            return fail(node, key, "config.reference",
                        "found " + node.found() +
                            "; a reference is a whole value: ${env:NAME}, ${secret:NAME} or "
                            "${file:PATH}");
        const std::string kind = node.text.substr(2, colon - 2);
        const std::string name = node.text.substr(colon + 1, node.text.size() - colon - 2);
        if (environment_only_) return environment_alone(node, kind, name);
        if (kind == "env") return environment(node, key, name);
        if (kind == "secret") return secret(node, key, name);
        if (kind == "file") return file(node, key, name);
        fail(node, key, "config.reference",
             "unknown kind of reference \"" + kind.substr(0, 40) +
                 "\"; expected env, secret or file");
    }

private:
    void fail(Node& node, const std::string& key, const char* code, std::string message) {
        problems_.add(node.mark, key, code, std::move(message));
        node.broken = true;
    }

    static void put(Node& node, std::string value, bool secret) {
        node.text = std::move(value);
        node.resolved = true;
        node.secret = secret;
        // What the environment holds is typed by the schema, like a plain scalar; a secret or a
        // file is a text.
        node.quoted = secret;
    }

    void environment_alone(Node& node, const std::string& kind, const std::string& name) {
        std::optional<std::string> value =
            kind == "env" && sources_.environment ? sources_.environment(name) : std::nullopt;
        if (value && !value->empty())
            put(node, std::move(*value), false);
        else
            node.broken = true;
    }

    void environment(Node& node, const std::string& key, const std::string& name) {
        std::optional<std::string> value =
            sources_.environment ? sources_.environment(name) : std::nullopt;
        if (!value || value->empty())
            return fail(node, key, "config.environment",
                        "the environment variable " + name.substr(0, 100) +
                            (value ? " is empty" : " is not set"));
        put(node, std::move(*value), false);
    }

    void secret(Node& node, const std::string& key, const std::string& name) {
        if (!is_plain_name(name))
            return fail(node, key, "config.secret",
                        "\"" + name.substr(0, 60) +
                            "\" is not a secret's name; expected letters, digits, _ . and -");
        std::string looked;
        std::error_code error;
        if (!sources_.secrets_dir.empty()) {
            const fs::path path = sources_.secrets_dir / name;
            if (fs::exists(path, error)) {
                const std::string trouble = permission_trouble(path);
                if (!trouble.empty())
                    return fail(node, key, "config.secret",
                                "the secret file " + path.string() + " " + trouble);
                return take(node, key, "config.secret", "secret file", path);
            }
            looked = path.string();
        }
        // systemd hands credentials over in a folder of its own, with permissions of its own.
        const std::optional<std::string> credentials =
            sources_.environment ? sources_.environment("CREDENTIALS_DIRECTORY") : std::nullopt;
        if (credentials && !credentials->empty()) {
            const fs::path path = fs::path(*credentials) / name;
            if (fs::exists(path, error))
                return take(node, key, "config.secret", "secret file", path);
            looked += (looked.empty() ? "" : " and ") + path.string();
        }
        fail(node, key, "config.secret",
             "there is no secret \"" + name + "\"; looked for " +
                 (looked.empty() ? "none: set secrets.dir or $CREDENTIALS_DIRECTORY" : looked));
    }

    void file(Node& node, const std::string& key, const std::string& name) {
        if (name.empty()) return fail(node, key, "config.file", "the reference names no file");
        take(node, key, "config.file", "file", sources_.base / name);
    }

    void take(Node& node, const std::string& key, const char* code, const char* what,
              const fs::path& path) {
        Content content = read_small_file(path);
        if (!content.text)
            return fail(node, key, code,
                        "the " + std::string(what) + " " + path.string() + " " + content.trouble);
        put(node, std::move(*content.text), true);
    }

    const ReferenceSources& sources_;
    Problems& problems_;
    const bool environment_only_;
};

}  // namespace

void resolve_references(Node& root, const ReferenceSources& sources, Problems& problems) {
    Resolver(sources, problems).walk(root, "");
}

void resolve_environment(Node& root, const ReferenceSources& sources, Problems& problems) {
    Resolver(sources, problems, /*environment_only=*/true).walk(root, "");
}

void resolve_reference(Node& node, const std::string& key, const ReferenceSources& sources,
                       Problems& problems) {
    if (node.is_scalar()) Resolver(sources, problems).scalar(node, key);
}

}  // namespace carrick::config
