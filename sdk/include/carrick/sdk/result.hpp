// SPDX-License-Identifier: Apache-2.0
// Result<T>: what happens on an ordinary day (network, bad data, limits) is a value, not an
// exception.
#pragma once

#include <cassert>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace carrick {

/// Who has to act on a failure. The numbers are those of the plugin ABI.
enum class ErrorClass : std::int32_t {
    Transient = 1,      ///< try again later: network, 5xx, record locked
    Throttled = 2,      ///< try again after Error::retry_after
    Rejected = 3,       ///< this record cannot succeed as it is: queue it and go on
    Misconfigured = 4,  ///< nothing can succeed: stop the flow, name the key
    Bug = 5,            ///< ours or the plugin's: stop the instance, keep the evidence
};

[[nodiscard]] constexpr std::string_view to_string(ErrorClass error_class) {
    switch (error_class) {
        case ErrorClass::Transient: return "transient";
        case ErrorClass::Throttled: return "throttled";
        case ErrorClass::Rejected: return "rejected";
        case ErrorClass::Misconfigured: return "misconfigured";
        case ErrorClass::Bug: return "bug";
    }
    return "bug";
}

/// A failure somebody has to decide on.
/// `code` is stable and dotted (`netsuite.nonexistent_item`); `message` says thing, value and way
/// out and never holds a secret or personal data; `field` is a path such as `item.items[0].item`.
struct Error {
    ErrorClass error_class = ErrorClass::Bug;
    std::string code;
    std::string message;
    std::string field{};
    std::chrono::milliseconds retry_after{0};  ///< 0 = not stated

    bool operator==(const Error&) const = default;
};

[[nodiscard]] inline Error transient(std::string code, std::string message) {
    return {ErrorClass::Transient, std::move(code), std::move(message)};
}
[[nodiscard]] inline Error throttled(std::string code, std::string message,
                                     std::chrono::milliseconds retry_after) {
    return {ErrorClass::Throttled, std::move(code), std::move(message), {}, retry_after};
}
[[nodiscard]] inline Error rejected(std::string code, std::string message, std::string field = {}) {
    return {ErrorClass::Rejected, std::move(code), std::move(message), std::move(field)};
}
[[nodiscard]] inline Error misconfigured(std::string code, std::string message,
                                         std::string field = {}) {
    return {ErrorClass::Misconfigured, std::move(code), std::move(message), std::move(field)};
}
[[nodiscard]] inline Error bug(std::string code, std::string message) {
    return {ErrorClass::Bug, std::move(code), std::move(message)};
}

/// A value or the reason why there is none. Reading the wrong side is our own bug (asserted).
template <class T>
class [[nodiscard]] Result {
public:  // NOLINTBEGIN(google-explicit-constructor)
    Result(T value)
        : state_(std::in_place_index<0>, std::move(value)) {
    }  // not explicit, so that a function may say `return value;`
    Result(Error error)
        : state_(std::in_place_index<1>, std::move(error)) {
    }  // not explicit, so that a function may say `return error;`
    // NOLINTEND(google-explicit-constructor)
    explicit operator bool() const noexcept { return state_.index() == 0; }
    [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }

    [[nodiscard]] T& value() & { return *checked(); }
    [[nodiscard]] const T& value() const& { return *checked(); }
    // By value, so that `for (auto& x : f().value())` does not look into a dead temporary.
    [[nodiscard]] T value() && { return std::move(*checked()); }
    [[nodiscard]] T& operator*() & { return *checked(); }
    [[nodiscard]] const T& operator*() const& { return *checked(); }
    [[nodiscard]] T operator*() && { return std::move(*checked()); }
    [[nodiscard]] T* operator->() { return checked(); }
    [[nodiscard]] const T* operator->() const { return checked(); }
    [[nodiscard]] T value_or(T fallback) const& { return ok() ? *checked() : std::move(fallback); }

    [[nodiscard]] const Error& error() const& {
        const Error* error = std::get_if<1>(&state_);
        assert(error != nullptr);
        return *error;
    }
    [[nodiscard]] Error&& error() && {
        Error* error = std::get_if<1>(&state_);
        assert(error != nullptr);
        return std::move(*error);
    }

private:
    [[nodiscard]] T* checked() {
        T* value = std::get_if<0>(&state_);
        assert(value != nullptr);
        return value;
    }
    [[nodiscard]] const T* checked() const {
        const T* value = std::get_if<0>(&state_);
        assert(value != nullptr);
        return value;
    }

    std::variant<T, Error> state_;
};

/// Success without a value, or the reason why not.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;  // NOLINTNEXTLINE(google-explicit-constructor)
    Result(Error error)
        : error_(std::move(error)) {}  // not explicit, so that a function may say `return error;`

    explicit operator bool() const noexcept { return !error_.has_value(); }
    [[nodiscard]] bool ok() const noexcept { return !error_.has_value(); }
    [[nodiscard]] const Error& error() const& {
        assert(error_.has_value());
        return *error_;
    }
    [[nodiscard]] Error&& error() && {
        assert(error_.has_value());
        return std::move(*error_);
    }

private:
    std::optional<Error> error_;
};

}  // namespace carrick
