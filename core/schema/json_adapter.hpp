// SPDX-License-Identifier: Apache-2.0
// JsonAdapter: lets valijson's parser walk our Json. It only ever reads schemas through it: numbers
// of documents are judged by our own visitor, on their tokens.
#pragma once

#include <carrick/sdk/json.hpp>

#include <valijson/internal/adapter.hpp>
#include <valijson/internal/basic_adapter.hpp>
#include <valijson/internal/frozen_value.hpp>

#include <cstddef>
#include <iterator>
#include <string>
#include <utility>

namespace carrick::schema {

class JsonAdapter;
using JsonAdapterMember = std::pair<std::string, JsonAdapter>;

/// Walks the items of an array or the members of an object; `Step` turns one into an adapter.
template <class Iterator, class Value, class Step>
class JsonAdapterIterator {
public:
    using iterator_category = std::bidirectional_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = Value*;
    using reference = Value&;

    explicit JsonAdapterIterator(Iterator at) : at_(at) {}
    Value operator*() const { return Step()(*at_); }
    valijson::adapters::DerefProxy<Value> operator->() const {
        return valijson::adapters::DerefProxy<Value>(**this);
    }
    bool operator==(const JsonAdapterIterator& other) const { return at_ == other.at_; }
    bool operator!=(const JsonAdapterIterator& other) const { return at_ != other.at_; }
    JsonAdapterIterator& operator++() {
        ++at_;
        return *this;
    }
    JsonAdapterIterator operator++(int) { return JsonAdapterIterator(at_++); }
    JsonAdapterIterator& operator--() {
        --at_;
        return *this;
    }
    void advance(std::ptrdiff_t count) { at_ += count; }

private:
    Iterator at_;
};

struct ItemStep {
    JsonAdapter operator()(const Json& item) const;
};
struct MemberStep {
    JsonAdapterMember operator()(const JsonMember& member) const;
};

class JsonAdapterArray {
public:
    using const_iterator = JsonAdapterIterator<Json::Array::const_iterator, JsonAdapter, ItemStep>;
    using iterator = const_iterator;

    JsonAdapterArray() = default;
    explicit JsonAdapterArray(const Json& json) : json_(&json) {}
    [[nodiscard]] const_iterator begin() const { return const_iterator(json_->items().begin()); }
    [[nodiscard]] const_iterator end() const { return const_iterator(json_->items().end()); }
    [[nodiscard]] std::size_t size() const { return json_->size(); }

private:
    const Json* json_ = &detail::null_json();
};

class JsonAdapterObject {
public:
    using const_iterator =
        JsonAdapterIterator<Json::Object::const_iterator, JsonAdapterMember, MemberStep>;
    using iterator = const_iterator;

    JsonAdapterObject() = default;
    explicit JsonAdapterObject(const Json& json) : json_(&json) {}
    [[nodiscard]] const_iterator begin() const { return const_iterator(json_->members().begin()); }
    [[nodiscard]] const_iterator end() const { return const_iterator(json_->members().end()); }
    [[nodiscard]] const_iterator find(const std::string& key) const {
        auto at = json_->members().begin();
        while (at != json_->members().end() && at->key != key) ++at;
        return const_iterator(at);
    }
    [[nodiscard]] std::size_t size() const { return json_->size(); }

private:
    const Json* json_ = &detail::null_json();
};

/// What valijson keeps of a schema's `enum`; ours never reach it, so this only has to be honest.
class JsonFrozenValue final : public valijson::adapters::FrozenValue {
public:
    explicit JsonFrozenValue(const Json& value) : value_(value) {}
    [[nodiscard]] FrozenValue* clone() const override { return new JsonFrozenValue(value_); }
    [[nodiscard]] bool equalTo(const valijson::adapters::Adapter& other,
                               bool strict) const override;

private:
    Json value_;
};

/// The scalar side of the adapter. Integers and doubles serve only counts such as `minLength`.
class JsonAdapterValue {
public:
    JsonAdapterValue() : json_(&detail::null_json()) {}  // valijson keeps it in a const member
    explicit JsonAdapterValue(const Json& json) : json_(&json) {}

    [[nodiscard]] valijson::adapters::FrozenValue* freeze() const {
        return new JsonFrozenValue(*json_);
    }
    [[nodiscard]] opt::optional<JsonAdapterArray> getArrayOptional() const {
        if (!json_->is_array()) return {};
        return JsonAdapterArray(*json_);
    }
    [[nodiscard]] opt::optional<JsonAdapterObject> getObjectOptional() const {
        if (!json_->is_object()) return {};
        return JsonAdapterObject(*json_);
    }
    bool getArraySize(std::size_t& result) const {
        result = json_->size();
        return json_->is_array();
    }
    bool getObjectSize(std::size_t& result) const {
        result = json_->size();
        return json_->is_object();
    }
    bool getBool(bool& result) const {
        result = json_->bool_if().value_or(false);
        return json_->is_bool();
    }
    bool getInteger(std::int64_t& result) const {
        const std::optional<std::int64_t> value = json_->integer_if();
        result = value.value_or(0);
        return value.has_value();
    }
    // A number that is no integer is never handed out as a double: nothing may be decided on one.
    bool getDouble(double&) const { return false; }
    bool getString(std::string& result) const {
        result = json_->text();
        return json_->is_string();
    }
    static bool hasStrictTypes() { return true; }
    [[nodiscard]] bool isArray() const { return json_->is_array(); }
    [[nodiscard]] bool isBool() const { return json_->is_bool(); }
    [[nodiscard]] bool isDouble() const { return false; }
    [[nodiscard]] bool isInteger() const { return json_->integer_if().has_value(); }
    [[nodiscard]] bool isNull() const { return json_->is_null(); }
    [[nodiscard]] bool isNumber() const { return json_->is_number(); }
    [[nodiscard]] bool isObject() const { return json_->is_object(); }
    [[nodiscard]] bool isString() const { return json_->is_string(); }

private:
    const Json* json_;
};

class JsonAdapter final
    : public valijson::adapters::BasicAdapter<JsonAdapter, JsonAdapterArray, JsonAdapterMember,
                                              JsonAdapterObject, JsonAdapterValue> {
public:
    JsonAdapter() = default;
    explicit JsonAdapter(const Json& json) : BasicAdapter(JsonAdapterValue(json)), json_(&json) {}
    [[nodiscard]] const Json& json() const { return *json_; }

private:
    const Json* json_ = &detail::null_json();
};

inline JsonAdapter ItemStep::operator()(const Json& item) const {
    return JsonAdapter(item);
}
inline JsonAdapterMember MemberStep::operator()(const JsonMember& member) const {
    return {member.key, JsonAdapter(member.value)};
}
inline bool JsonFrozenValue::equalTo(const valijson::adapters::Adapter& other, bool strict) const {
    return JsonAdapter(value_).equalTo(other, strict);
}

}  // namespace carrick::schema

template <>
struct valijson::adapters::AdapterTraits<carrick::schema::JsonAdapter> {
    using DocumentType = carrick::Json;
    static std::string adapterName() { return "carrick::Json"; }
};
