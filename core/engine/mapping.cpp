// SPDX-License-Identifier: Apache-2.0
#include "core/engine/mapping.hpp"

#include "core/engine/lua_state.hpp"

#include <algorithm>
#include <mutex>

namespace carrick::engine {

namespace {

/// One step of a field path: a member's name, and whether it means each item of that array.
struct Step {
    std::string name;
    bool each = false;
};

struct Field {
    std::string path;
    std::vector<Step> steps;
    std::string expression;
    int reference = 0;
};

std::vector<Step> steps_of(std::string_view path) {
    std::vector<Step> steps;
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        std::string_view name = path.substr(0, dot);
        const bool each = name.ends_with("[]");
        if (each) name.remove_suffix(2);
        steps.push_back({std::string(name), each});
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return steps;
}

bool is_path(std::string_view path) {
    const std::vector<Step> steps = steps_of(path);
    return !steps.empty() && !path.ends_with('.') && !steps.back().each &&
           std::all_of(steps.begin(), steps.end(), [](const Step& step) {
               return !step.name.empty() && step.name.find_first_of("[] ") == std::string::npos;
           });
}

/// Whether setting `path` could change what stands at `closed`: the same, above, or below it.
bool touches(std::string_view path, std::string_view closed) {
    if (path == closed) return true;
    const auto below = [](std::string_view inner, std::string_view outer) {
        return inner.size() > outer.size() && inner.starts_with(outer) &&
               (inner[outer.size()] == '.' || inner.substr(outer.size()).starts_with("[]"));
    };
    return below(path, closed) || below(closed, path);
}

Error with_field(Error error, const Field& field) {
    error.message = field.path + ": `" + field.expression.substr(0, 80) + "`: " + error.message;
    error.field = field.path;
    return error;
}

}  // namespace

struct Filter::State {
    State(const ExpressionLimits& limits, std::string_view text) : lua(limits), expression(text) {}
    std::mutex mutex;
    lua::State lua;
    std::string expression;
    int reference = 0;
};

Filter::Filter(std::shared_ptr<State> state) : state_(std::move(state)) {}

Result<Filter> Filter::compile(std::string_view expression, const ExpressionLimits& limits) {
    auto state = std::make_shared<State>(limits, expression);
    Result<int> reference = state->lua.compile(expression);
    if (!reference) return reference.error();
    state->reference = *reference;
    return Filter(std::move(state));
}

Result<bool> Filter::matches(const ExpressionInputs& inputs) const {
    const std::lock_guard lock(state_->mutex);
    const std::string shown = "`" + state_->expression.substr(0, 80) + "`: ";
    Result<lua::Evaluated> result = state_->lua.evaluate(state_->reference, inputs, nullptr);
    if (!result) {
        Error error = result.error();
        error.message = shown + error.message;
        return error;
    }
    if (const std::optional<bool> answer = result->value.bool_if()) return *answer;
    // A missing field is nil, and nil is no answer: `r.x` must say `r.x ~= nil` or `r.x == true`.
    return rejected("mapping.evaluation", shown + "the result is neither true nor false");
}

struct Overlay::State {
    explicit State(const ExpressionLimits& limits) : lua(limits) {}

    Result<void> set(Json& node, std::size_t depth, const Field& field,
                     const ExpressionInputs& inputs, const Json* line) {
        const Step& step = field.steps[depth];
        if (depth + 1 == field.steps.size()) return set_value(node, step.name, field, inputs, line);
        if (!step.each) {
            Json* child = node.find(step.name);
            if (child != nullptr && !child->is_object() && !child->is_null())
                return not_an_object(field, step.name, *child);
            if (child != nullptr && child->is_object())
                return set(*child, depth + 1, field, inputs, line);
            // Made only if something was set in it: `keep` must not leave an empty object behind.
            Json made;
            if (Result<void> done = set(made, depth + 1, field, inputs, line); !done) return done;
            if (!made.is_null()) node.set(step.name, std::move(made));
            return {};
        }
        Json* list = node.find(step.name);
        if (list == nullptr || list->items_if() == nullptr) return {};  // no lines, nothing to set
        for (Json& item : *list->items_if()) {
            if (!item.is_object()) return not_an_object(field, step.name + "[]", item);
            const Json before = item;
            if (Result<void> done = set(item, depth + 1, field, inputs, &before); !done)
                return done;
        }
        return {};
    }

    Result<void> set_value(Json& node, const std::string& name, const Field& field,
                           const ExpressionInputs& inputs, const Json* line) {
        Result<lua::Evaluated> result = lua.evaluate(field.reference, inputs, line);
        if (!result) return with_field(result.error(), field);
        if (result->kind == lua::Evaluated::Kind::Value) node.set(name, std::move(result->value));
        if (result->kind == lua::Evaluated::Kind::Null) node.set(name, Json());
        return {};
    }

    static Error not_an_object(const Field& field, const std::string& name, const Json& found) {
        return with_field(
            rejected("mapping.evaluation", name + " is a " + std::string(found.type_name()) +
                                               ", so nothing can be set below it"),
            field);
    }

    std::mutex mutex;
    lua::State lua;
    std::vector<Field> fields;
};

Overlay::Overlay(std::shared_ptr<State> state) : state_(std::move(state)) {}

Result<Overlay> Overlay::compile(const Json& mapping, std::span<const std::string> closed_paths,
                                 const ExpressionLimits& limits) {
    auto state = std::make_shared<State>(limits);
    for (const JsonMember& member : mapping.members()) {
        Field field{member.key, steps_of(member.key), member.value.text(), 0};
        if (!is_path(field.path))
            return misconfigured(
                "mapping.syntax",
                "\"" + field.path + "\" is not a field path; expected a.b or list[].field",
                field.path);
        if (!member.value.is_string())
            return misconfigured("mapping.syntax",
                                 field.path + ": expected an expression as text, found a " +
                                     std::string(member.value.type_name()),
                                 field.path);
        for (const std::string& closed : closed_paths)
            if (touches(field.path, closed))
                return misconfigured("mapping.closed_field",
                                     field.path + " cannot be mapped: " + closed +
                                         " is an identity or an amount, which the flow answers for",
                                     field.path);
        Result<int> reference = state->lua.compile(field.expression);
        if (!reference) {
            Error error = reference.error();
            error.message = field.path + ": " + error.message;
            error.field = field.path;
            return error;
        }
        field.reference = *reference;
        state->fields.push_back(std::move(field));
    }
    return Overlay(std::move(state));
}

bool Overlay::empty() const {
    return state_ == nullptr || state_->fields.empty();
}

Result<void> Overlay::apply(Json& payload, const ExpressionInputs& inputs) const {
    const std::lock_guard lock(state_->mutex);
    for (const Field& field : state_->fields)
        if (Result<void> done = state_->set(payload, 0, field, inputs, nullptr); !done) return done;
    return {};
}

}  // namespace carrick::engine
