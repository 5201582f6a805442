// SPDX-License-Identifier: Apache-2.0
// Reading YAML by yaml-cpp's events: our own tree, our own limits, a place for every value.
#include "core/config/yaml_reader.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <unordered_set>

namespace carrick::config {

namespace {

Mark place_of(const YAML::Mark& mark) {
    return mark.is_null() ? Mark{} : Mark{mark.line + 1, mark.column + 1};
}

Mark place_at(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0: the first line
    return {static_cast<int>(lines) + 1, static_cast<int>(offset - line_start) + 1};
}

/// The length of a well-formed UTF-8 sequence at the front, or 0.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

/// What can be said before parsing. False: the text must not reach the parser.
bool check_bytes(std::string_view text, Problems& problems, const YamlLimits& limits) {
    if (text.size() > limits.bytes) {
        problems.add({}, "", "config.too_large",
                     "the file has " + std::to_string(text.size()) + " bytes; at most " +
                         std::to_string(limits.bytes) + " are read");
        return false;
    }
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text.substr(at, 4));
        if (length == 0 || text[at] == '\0') {
            problems.add(place_at(text, at), "", "config.encoding",
                         length == 0 ? "not valid UTF-8; save the file as UTF-8"
                                     : "a NUL byte; expected text");
            return false;
        }
        at += length;
    }
    bool clean = true;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t first = text.find_first_not_of(' ', start);
        if (first != std::string_view::npos && text[first] == '\t') {
            problems.add(place_at(text, first), "", "config.tab",
                         "a tab indents this line; use blanks");
            clean = false;
        }
        const std::size_t end = text.find('\n', start);
        start = end == std::string_view::npos ? text.size() : end + 1;
    }
    return clean;
}

bool looks_octal(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    return text.size() > 1 && text.front() == '0' &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// yaml-cpp takes the end of the file for a closing quote, so a file that was cut in the middle of
/// a text would pass. Only the last quoted scalar can have swallowed the end.
bool is_closed(std::string_view text, Mark opened) {
    std::size_t at = 0;
    for (int line = 1; line < opened.line; ++line) at = text.find('\n', at) + 1;
    at += static_cast<std::size_t>(opened.column - 1);
    const char quote = at < text.size() ? text[at] : '\0';
    if (quote != '"' && quote != '\'') return true;  // a block scalar ends where it ends
    for (++at; at < text.size(); ++at) {
        const bool escapes = quote == '"' ? text[at] == '\\' : text.substr(at, 2) == "''";
        if (escapes)
            ++at;
        else if (text[at] == quote)
            return true;
    }
    return false;
}

/// Thrown from inside yaml-cpp's callbacks when reading on makes no sense; the problem is noted.
struct StopReading {};

class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(Problems& problems, const YamlLimits& limits)
        : problems_(problems), limits_(limits) {}

    Node root;
    Mark last_quoted;  ///< where the last scalar in quotes began

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ > 1)
            stop(mark, "config.documents", "a second document begins here; expected one");
    }
    void OnDocumentEnd() override {}
    void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
        problems_.add(place_of(mark), path(), "config.anchor",
                      "the anchor \"&" + name.substr(0, 40) +
                          "\" is not allowed; write shared settings under defaults");
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        stop(mark, "config.alias", "aliases are not allowed; write the value out");
    }
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
        if (expects_key()) stop(mark, "config.key", "a key is missing before the colon");
        (void)put(mark, Node::Kind::Null);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  const std::string& value) override {
        refuse_tag(mark, tag);
        if (tag == "!") last_quoted = place_of(mark);
        if (expects_key()) return key(mark, value);
        Node& node = put(mark, Node::Kind::Scalar);
        node.text = value;
        node.quoted = tag == "!";
        if (!node.quoted && looks_octal(value)) {
            problems_.add(node.mark, path(), "config.octal",
                          "found " + value.substr(0, 40) +
                              ", which YAML reads as an octal number; put it in quotes: \"" +
                              value.substr(0, 40) + "\"");
            node.broken = true;
        }
        close_value();
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, Node::Kind::List);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, Node::Kind::Map);
    }
    void OnMapEnd() override {
        // What was refused has been reported; nothing later may read it.
        std::erase_if(open_.back().node->entries,
                      [](const NodeEntry& entry) { return entry.key.empty(); });
        close();
    }

private:
    struct Open {
        Node* node;
        bool has_key = false;
        std::unordered_set<std::string> keys{};
    };

    [[noreturn]] void stop(const YAML::Mark& mark, const char* code, std::string message) {
        problems_.add(place_of(mark), path(), code, std::move(message));
        throw StopReading();
    }
    bool expects_key() const {
        return !open_.empty() && open_.back().node->is_map() && !open_.back().has_key;
    }

    std::string path() const {
        std::string text;
        for (const Open& level : open_) {
            if (level.node->is_list())
                text += "[" + std::to_string(level.node->items.size()) + "]";
            else if (level.has_key)
                text = join_key(text, level.node->entries.back().key);
        }
        return text;
    }

    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!")
            problems_.add(
                place_of(mark), path(), "config.tag",
                "the tag " + tag.substr(0, 60) + " is not allowed; what a value is, its key says");
    }

    void key(const YAML::Mark& mark, const std::string& name) {
        Open& level = open_.back();
        count(mark);
        if (level.node->entries.size() >= limits_.entries)
            stop(mark, "config.too_large",
                 "one map has more than " + std::to_string(limits_.entries) + " keys");
        level.node->entries.push_back({name, place_of(mark), Node()});
        level.has_key = true;
        NodeEntry& entry = level.node->entries.back();
        const char* code = nullptr;
        std::string message;
        if (name.empty()) {
            code = "config.key";
            message = "an empty key";
        } else if (name == "<<") {
            code = "config.merge_key";
            message = "merge keys are not allowed; write shared settings under defaults";
        } else if (!level.keys.insert(name).second) {
            code = "config.duplicate_key";
            message = "this key appears twice in one place; keep one";
        }
        if (code == nullptr) return;
        problems_.add(entry.mark, path(), code, message);
        entry.key.clear();
    }

    void count(const YAML::Mark& mark) {
        if (++nodes_ > limits_.nodes)
            stop(mark, "config.too_large",
                 "the file has more than " + std::to_string(limits_.nodes) + " keys and values");
    }

    Node& put(const YAML::Mark& mark, Node::Kind kind) {
        count(mark);
        Node* node = &root;
        if (!open_.empty()) {
            Node& parent = *open_.back().node;
            node = parent.is_map() ? &parent.entries.back().value : &parent.items.emplace_back();
        }
        node->kind = kind;
        node->mark = place_of(mark);
        if (kind == Node::Kind::Null) close_value();
        return *node;
    }
    void close_value() {
        if (!open_.empty()) open_.back().has_key = false;
    }
    void open(const YAML::Mark& mark, const std::string& tag, Node::Kind kind) {
        refuse_tag(mark, tag);
        if (expects_key()) stop(mark, "config.key", "a key must be a plain word");
        if (open_.size() >= limits_.depth)
            stop(mark, "config.too_deep",
                 "nested deeper than " + std::to_string(limits_.depth) + " levels");
        open_.push_back({&put(mark, kind)});
    }
    void close() {
        open_.pop_back();
        close_value();
    }

    Problems& problems_;
    const YamlLimits& limits_;
    std::vector<Open> open_;
    std::size_t nodes_ = 0;
    int documents_ = 0;
};

}  // namespace

const NodeEntry* Node::find(std::string_view key) const {
    const auto at = std::find_if(entries.begin(), entries.end(),
                                 [&](const NodeEntry& entry) { return entry.key == key; });
    return at == entries.end() ? nullptr : &*at;
}

std::string Node::found() const {
    switch (kind) {
        case Kind::Null: return "nothing";
        case Kind::List: return "a list";
        case Kind::Map: return "a map";
        case Kind::Scalar: break;
    }
    if (resolved) return "the value of a reference";
    constexpr std::size_t kShown = 60;
    return "\"" + (text.size() > kShown ? text.substr(0, kShown) + "..." : text) + "\"";
}

std::optional<Node> read_yaml(std::string_view text, Problems& problems, const YamlLimits& limits) {
    if (!check_bytes(text, problems, limits)) return std::nullopt;
    TreeBuilder builder(problems, limits);
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
        if (builder.last_quoted.line == 0 || is_closed(text, builder.last_quoted))
            return std::move(builder.root);
        problems.add(builder.last_quoted, "", "config.yaml",
                     "the quote that opens here is never closed");
    } catch (const StopReading&) {
    } catch (const YAML::Exception& e) {
        problems.add(place_of(e.mark), "", "config.yaml", "not valid YAML: " + e.msg);
    } catch (const std::exception& e) {
        problems.add({}, "", "config.yaml", "not readable: " + std::string(e.what()));
    }
    return std::nullopt;
}

}  // namespace carrick::config
