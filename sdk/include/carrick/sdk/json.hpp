// SPDX-License-Identifier: Apache-2.0
// Json: null, bool, string, number as its token text, array, object. Read by RapidJSON's SAX with
// raw numbers and written back token for token, so no amount ever passes through a double.
#pragma once

#include <carrick/sdk/decimal.hpp>
#include <carrick/sdk/utf8.hpp>

#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <unordered_set>
#include <variant>
#include <vector>

namespace carrick {

struct JsonMember;

/// What a parser accepts. Deeper, larger or otherwise hostile text is an error, never a crash.
struct JsonLimits {
    std::size_t depth = 64;
    std::size_t bytes = std::size_t{256} * 1024 * 1024;
};

/// A JSON value. Objects keep their members' order; a text with a duplicate key does not parse.
/// Navigation never throws: `order["recipient"]["deliveryAddress"]["city"]` is null where absent.
class Json {
public:
    struct Number {
        std::string token;
        bool operator==(const Number&) const = default;
    };
    using Array = std::vector<Json>;
    using Object = std::vector<JsonMember>;

    // Defined below JsonMember: a constructor must be able to destroy what it has built.
    Json() noexcept;
    Json(std::string text);       // NOLINT(google-explicit-constructor): literals read as JSON
    Json(std::string_view text);  // NOLINT(google-explicit-constructor)
    Json(const char* text);       // NOLINT(google-explicit-constructor)
    Json(bool value);             // NOLINT(google-explicit-constructor)
    Json(int value);              // NOLINT(google-explicit-constructor)
    Json(std::int64_t value);     // NOLINT(google-explicit-constructor)
    Json(std::uint64_t value);    // NOLINT(google-explicit-constructor)
    Json(const Decimal& value);   // NOLINT(google-explicit-constructor)
    Json(double) = delete;

    [[nodiscard]] static Json array();
    [[nodiscard]] static Json array(std::vector<Json> items);
    [[nodiscard]] static Json object();
    [[nodiscard]] static Json object(std::initializer_list<JsonMember> members);
    /// A number from its token. The token must be a JSON number; `parse` checks that, this does
    /// not.
    [[nodiscard]] static Json number_token(std::string token);

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
    [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(value_); }
    [[nodiscard]] bool is_number() const { return std::holds_alternative<Number>(value_); }
    [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(value_); }
    [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(value_); }
    [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(value_); }
    [[nodiscard]] std::string_view type_name() const;

    [[nodiscard]] const std::string* string_if() const { return std::get_if<std::string>(&value_); }
    [[nodiscard]] std::optional<bool> bool_if() const;
    [[nodiscard]] const std::string* number_if() const;  ///< the token
    [[nodiscard]] std::optional<std::int64_t> integer_if() const;
    [[nodiscard]] std::optional<Decimal> decimal_if()
        const;  ///< of a number token, not of a string
    /// The string's text, or "" for anything else.
    [[nodiscard]] const std::string& text() const;
    [[nodiscard]] std::string text_or(std::string_view fallback) const;

    /// The member or item, or a null value where there is none.
    [[nodiscard]] const Json& operator[](std::string_view key) const;
    [[nodiscard]] const Json& operator[](const char* key) const {
        return (*this)[std::string_view(key)];
    }
    [[nodiscard]] const Json& operator[](std::size_t index) const;
    [[nodiscard]] const Json& operator[](int index) const {
        return (*this)[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] const Json* find(std::string_view key) const;
    [[nodiscard]] Json* find(std::string_view key);
    [[nodiscard]] bool contains(std::string_view key) const { return find(key) != nullptr; }
    [[nodiscard]] std::size_t size() const;  ///< items or members; 0 for scalars
    [[nodiscard]] bool empty() const { return size() == 0; }

    /// Items of an array, members of an object; empty for anything else.
    [[nodiscard]] const Array& items() const;
    [[nodiscard]] const Object& members() const;
    [[nodiscard]] Array* items_if() { return std::get_if<Array>(&value_); }
    [[nodiscard]] Object* members_if() { return std::get_if<Object>(&value_); }

    /// Puts or replaces a member; a null value becomes an object first.
    Json& set(std::string_view key, Json value);
    /// The member, made (as null) where absent; a null value becomes an object first.
    Json& member(std::string_view key);
    bool erase(std::string_view key);
    /// Appends an item; a null value becomes an array first.
    Json& push_back(Json value);

    /// Objects compare without regard to the order of members; numbers by their token.
    bool operator==(const Json& other) const;

    /// Errors: `json.syntax` with the byte offset; also for duplicate keys, invalid UTF-8, a NUL
    /// byte, text behind the value, and anything over the limits.
    [[nodiscard]] static Result<Json> parse(std::string_view text, const JsonLimits& limits = {});
    [[nodiscard]] std::string dump() const;
    /// Indented by two blanks, for people.
    [[nodiscard]] std::string pretty() const;

private:
    friend struct JsonBuilder;
    template <class Writer>
    void write(Writer& writer) const;
    void pretty(std::string& out, std::size_t indent) const;

    std::variant<std::monostate, bool, Number, std::string, Array, Object> value_;
};

struct JsonMember {
    std::string key;
    Json value;
};

inline Json::Json() noexcept = default;
inline Json::Json(std::string text) : value_(std::move(text)) {}
inline Json::Json(std::string_view text) : value_(std::string(text)) {}
inline Json::Json(const char* text) : value_(std::string(text)) {}
inline Json::Json(bool value) : value_(value) {}
inline Json::Json(int value) : value_(Number{std::to_string(value)}) {}
inline Json::Json(std::int64_t value) : value_(Number{std::to_string(value)}) {}
inline Json::Json(std::uint64_t value) : value_(Number{std::to_string(value)}) {}
inline Json::Json(const Decimal& value) : value_(Number{value.text()}) {}

inline Json Json::array() {
    Json json;
    json.value_ = Array{};
    return json;
}
inline Json Json::array(std::vector<Json> items) {
    Json json;
    json.value_ = std::move(items);
    return json;
}
inline Json Json::object() {
    Json json;
    json.value_ = Object{};
    return json;
}
inline Json Json::object(std::initializer_list<JsonMember> members) {
    Json json;
    json.value_ = Object(members);
    return json;
}
inline Json Json::number_token(std::string token) {
    Json json;
    json.value_ = Number{std::move(token)};
    return json;
}

inline std::string_view Json::type_name() const {
    static constexpr std::string_view kNames[] = {"null",   "boolean", "number",
                                                  "string", "array",   "object"};
    return kNames[value_.index()];
}

inline std::optional<bool> Json::bool_if() const {
    if (const bool* value = std::get_if<bool>(&value_)) return *value;
    return std::nullopt;
}
inline const std::string* Json::number_if() const {
    const Number* number = std::get_if<Number>(&value_);
    return number != nullptr ? &number->token : nullptr;
}
inline std::optional<Decimal> Json::decimal_if() const {
    const std::string* token = number_if();
    if (token == nullptr) return std::nullopt;
    Result<Decimal> value = Decimal::parse_number_token(*token);
    if (!value) return std::nullopt;
    return *value;
}
inline std::optional<std::int64_t> Json::integer_if() const {
    const std::optional<Decimal> value = decimal_if();
    if (!value) return std::nullopt;
    const Decimal whole = value->normalized();
    constexpr Decimal::Coefficient kMax = INT64_MAX;
    constexpr Decimal::Coefficient kMin = INT64_MIN;
    if (whole.scale() != 0 || whole.coefficient() > kMax || whole.coefficient() < kMin)
        return std::nullopt;
    return static_cast<std::int64_t>(whole.coefficient());
}
inline const std::string& Json::text() const {
    static const std::string kEmpty;
    const std::string* value = string_if();
    return value != nullptr ? *value : kEmpty;
}
inline std::string Json::text_or(std::string_view fallback) const {
    const std::string* value = string_if();
    return value != nullptr ? *value : std::string(fallback);
}

namespace detail {
inline const Json& null_json() {
    static const Json kNull;
    return kNull;
}
}  // namespace detail

inline const Json* Json::find(std::string_view key) const {
    const Object* object = std::get_if<Object>(&value_);
    if (object == nullptr) return nullptr;
    for (const JsonMember& member : *object)
        if (member.key == key) return &member.value;
    return nullptr;
}
inline Json* Json::find(std::string_view key) {
    return const_cast<Json*>(static_cast<const Json*>(this)->find(key));
}
inline const Json& Json::operator[](std::string_view key) const {
    const Json* found = find(key);
    return found != nullptr ? *found : detail::null_json();
}
inline const Json& Json::operator[](std::size_t index) const {
    const Array* array = std::get_if<Array>(&value_);
    return array != nullptr && index < array->size() ? (*array)[index] : detail::null_json();
}
inline std::size_t Json::size() const {
    if (const Array* array = std::get_if<Array>(&value_)) return array->size();
    if (const Object* object = std::get_if<Object>(&value_)) return object->size();
    return 0;
}
inline const Json::Array& Json::items() const {
    static const Array kEmpty;
    const Array* array = std::get_if<Array>(&value_);
    return array != nullptr ? *array : kEmpty;
}
inline const Json::Object& Json::members() const {
    static const Object kEmpty;
    const Object* object = std::get_if<Object>(&value_);
    return object != nullptr ? *object : kEmpty;
}
inline Json& Json::member(std::string_view key) {
    if (is_null()) value_ = Object{};
    if (Json* found = find(key)) return *found;
    Object* object = std::get_if<Object>(&value_);
    assert(object != nullptr);
    object->push_back(JsonMember{std::string(key), Json()});
    return object->back().value;
}
inline Json& Json::set(std::string_view key, Json value) {
    member(key) = std::move(value);
    return *this;
}
inline bool Json::erase(std::string_view key) {
    Object* object = std::get_if<Object>(&value_);
    if (object == nullptr) return false;
    return std::erase_if(*object, [&](const JsonMember& member) { return member.key == key; }) > 0;
}
inline Json& Json::push_back(Json value) {
    if (is_null()) value_ = Array{};
    Array* array = std::get_if<Array>(&value_);
    assert(array != nullptr);
    array->push_back(std::move(value));
    return *this;
}

inline bool Json::operator==(const Json& other) const {
    if (value_.index() != other.value_.index()) return false;
    const Object* object = std::get_if<Object>(&value_);
    if (object == nullptr) {
        if (const Array* array = std::get_if<Array>(&value_)) return *array == other.items();
        if (const std::string* string = std::get_if<std::string>(&value_))
            return *string == other.text();
        if (const Number* number = std::get_if<Number>(&value_))
            return number->token == *other.number_if();
        if (const bool* boolean = std::get_if<bool>(&value_)) return *boolean == *other.bool_if();
        return true;
    }
    if (object->size() != other.size()) return false;
    for (const JsonMember& member : *object) {
        const Json* theirs = other.find(member.key);
        if (theirs == nullptr || !(member.value == *theirs)) return false;
    }
    return true;
}

/// SAX handler that builds a Json without recursion. What a container holds is collected on a stack
/// and moved into it when it closes, so that each is made once and in its final size.
struct JsonBuilder : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, JsonBuilder> {
    explicit JsonBuilder(std::size_t depth_limit) : depth_limit_(depth_limit) {
        constexpr std::size_t kUsual = 32;
        members_.reserve(kUsual);
        open_.reserve(kUsual);
    }

    bool Null() {
        static_cast<void>(place());
        return true;
    }
    bool Bool(bool value) {
        place().value_.emplace<bool>(value);
        return true;
    }
    bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
        place().value_.emplace<Json::Number>().token.assign(text, length);
        return true;
    }
    bool String(const char* text, rapidjson::SizeType length, bool) {
        place().value_.emplace<std::string>(text, length);
        return true;
    }
    bool Key(const char* text, rapidjson::SizeType length, bool) {
        const std::string_view key(text, length);
        if (is_duplicate(key)) {
            problem =
                "the key \"" + std::string(key.substr(0, 60)) + "\" appears twice in one object";
            return false;
        }
        members_.emplace_back().key = key;
        return true;
    }
    bool StartObject() { return start(true, members_.size()); }
    bool StartArray() { return start(false, items_.size()); }
    bool EndObject(rapidjson::SizeType) {
        Json::Object object = close(members_);
        place().value_.emplace<Json::Object>(std::move(object));
        return true;
    }
    bool EndArray(rapidjson::SizeType) {
        Json::Array array = close(items_);
        place().value_.emplace<Json::Array>(std::move(array));
        return true;
    }

    Json root;
    std::string problem;

private:
    // A container that is still open, and where what it holds begins on its stack.
    struct Open {
        bool is_object = false;
        std::size_t from = 0;
        std::unique_ptr<std::unordered_set<std::string>> keys{};  ///< where there are many
    };

    /// Where the next value goes.
    Json& place() {
        if (open_.empty()) return root;
        return open_.back().is_object ? members_.back().value : items_.emplace_back();
    }
    bool start(bool is_object, std::size_t from) {
        if (open_.size() >= depth_limit_) {
            problem = "nested deeper than " + std::to_string(depth_limit_) + " levels";
            return false;
        }
        Open& opened = open_.emplace_back();
        opened.is_object = is_object;
        opened.from = from;
        return true;
    }
    template <class Container>
    Container close(Container& stack) {
        const auto first = stack.begin() + static_cast<std::ptrdiff_t>(open_.back().from);
        Container closed(std::make_move_iterator(first), std::make_move_iterator(stack.end()));
        stack.erase(first, stack.end());
        open_.pop_back();
        return closed;
    }
    // A linear search is fastest for the small objects APIs send; a hostile object with many keys
    // must not turn it into quadratic time.
    bool is_duplicate(std::string_view key) {
        constexpr std::size_t kLinear = 32;
        Open& object = open_.back();
        if (members_.size() - object.from < kLinear) {
            for (std::size_t i = object.from; i < members_.size(); ++i)
                if (members_[i].key == key) return true;
            return false;
        }
        if (!object.keys) {
            object.keys = std::make_unique<std::unordered_set<std::string>>();
            for (std::size_t i = object.from; i < members_.size(); ++i)
                object.keys->insert(members_[i].key);
        }
        return !object.keys->insert(std::string(key)).second;
    }

    std::size_t depth_limit_;
    std::vector<Open> open_;
    std::vector<JsonMember> members_;
    std::vector<Json> items_;
};

inline Result<Json> Json::parse(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes)
        return rejected("json.syntax", "the text has " + std::to_string(text.size()) +
                                           " bytes; the limit is " + std::to_string(limits.bytes));
    const std::size_t nul = text.find('\0');
    if (nul != std::string_view::npos)
        return rejected("json.syntax", "a NUL byte at offset " + std::to_string(nul));
    // Here and not by RapidJSON: 1.1.0's own check takes a third of a parse, and reads beyond a
    // text that is cut inside a sequence.
    if (const std::size_t valid = valid_utf8(text); valid != text.size())
        return rejected("json.syntax", "not valid UTF-8 at byte " + std::to_string(valid));
    // RapidJSON's streams end at NUL, which the copy gives.
    const std::string terminated(text);
    rapidjson::StringStream stream(terminated.c_str());
    rapidjson::Reader reader;
    JsonBuilder builder(limits.depth);
    // Iterative: the recursive parser overflows the stack on hostile depth. Numbers as strings:
    // RapidJSON 1.1.0 misreads some of them.
    constexpr unsigned kFlags =
        rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
    const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, builder);
    if (parsed.IsError())
        return rejected("json.syntax", (builder.problem.empty() ? std::string("not valid JSON")
                                                                : builder.problem) +
                                           " at byte " + std::to_string(parsed.Offset()));
    return std::move(builder.root);
}

template <class Writer>
void Json::write(Writer& writer) const {
    switch (value_.index()) {
        case 1: writer.Bool(std::get<bool>(value_)); break;
        case 2: {
            const std::string& token = std::get<Number>(value_).token;
            writer.RawValue(token.data(), token.size(), rapidjson::kNumberType);
            break;
        }
        case 3: {
            const std::string& text = std::get<std::string>(value_);
            writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
            break;
        }
        case 4:
            writer.StartArray();
            for (const Json& item : items()) item.write(writer);
            writer.EndArray();
            break;
        case 5:
            writer.StartObject();
            for (const JsonMember& member : members()) {
                writer.Key(member.key.data(), static_cast<rapidjson::SizeType>(member.key.size()));
                member.value.write(writer);
            }
            writer.EndObject();
            break;
        default: writer.Null(); break;
    }
}

inline std::string Json::dump() const {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    write(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

inline std::string Json::pretty() const {
    std::string out;
    pretty(out, 0);
    return out;
}
inline void Json::pretty(std::string& out, std::size_t indent) const {
    const bool is_list = is_array();
    if ((!is_list && !is_object()) || empty()) {
        out += dump();
        return;
    }
    const std::string margin(indent + 2, ' ');
    out += is_list ? "[\n" : "{\n";
    bool first = true;
    const auto separate = [&] {
        if (!first) out += ",\n";
        first = false;
        out += margin;
    };
    for (const Json& item : items()) {
        separate();
        item.pretty(out, indent + 2);
    }
    for (const JsonMember& member : members()) {
        separate();
        out += Json(member.key).dump() + ": ";
        member.value.pretty(out, indent + 2);
    }
    out += "\n" + std::string(indent, ' ') + (is_list ? "]" : "}");
}

}  // namespace carrick
