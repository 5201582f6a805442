// SPDX-License-Identifier: Apache-2.0
#include "core/schema/judge.hpp"

#include "core/schema/describe.hpp"
#include "core/schema/exact.hpp"

#include <algorithm>
#include <set>

namespace carrick::schema {

namespace {

bool has_type(const Json& value, vj::TypeConstraint::JsonType type) {
    switch (type) {
        case vj::TypeConstraint::kArray: return value.is_array();
        case vj::TypeConstraint::kBoolean: return value.is_bool();
        case vj::TypeConstraint::kInteger: return value.is_number() && is_whole(*value.number_if());
        case vj::TypeConstraint::kNull: return value.is_null();
        case vj::TypeConstraint::kNumber: return value.is_number();
        case vj::TypeConstraint::kObject: return value.is_object();
        case vj::TypeConstraint::kString: return value.is_string();
        case vj::TypeConstraint::kAny: break;
    }
    return true;
}

}  // namespace

std::vector<Violation> Judge::judge(const Json& document, const Subschema& schema) {
    std::vector<Placed> found;
    out_ = &found;
    target_ = &document;
    (void)apply(schema);
    std::stable_sort(found.begin(), found.end(),
                     [](const Placed& a, const Placed& b) { return a.position < b.position; });
    std::vector<Violation> violations;
    std::set<std::pair<std::string, std::string>> seen;  // allOf may say the same twice
    for (Placed& placed : found)
        if (seen.emplace(placed.violation.path, placed.violation.message).second)
            violations.push_back(std::move(placed.violation));
    return violations;
}

bool Judge::visit_exact(const ExactConstraint& constraint) {
    const std::string_view keyword = constraint.keyword;
    if (keyword == "enum") return visit_enum(constraint.value);
    if (keyword == "const")
        return equal_values(*target_, constraint.value) ||
               fail("expected " + shortened(constraint.value.dump()) + ", found " +
                    describe(*target_));
    if (keyword == "pattern") return visit_pattern(constraint.value.text());
    if (keyword == "format") {
        const std::string* text = target_->string_if();
        return text == nullptr || has_format(*text, constraint.value.text()) ||
               fail("expected the format " + constraint.value.text() + ", found " +
                    describe(*target_));
    }
    if (keyword == "uniqueItems") return visit_unique();
    return !target_->is_number() || visit_number(keyword, *constraint.value.number_if());
}

bool Judge::visit(const AllOfConstraint& constraint) {
    bool passes = true;
    constraint.applyToSubschemas([&](unsigned, const Subschema* schema) {
        passes = apply(*schema) && passes;
        return passes || out_ != nullptr;
    });
    return passes;
}

bool Judge::visit(const AnyOfConstraint& constraint) {
    return alternatives(constraint) > 0;
}

bool Judge::visit(const OneOfConstraint& constraint) {
    const std::size_t fitting = alternatives(constraint);
    if (fitting > 1)
        return fail("fits " + std::to_string(fitting) +
                    " of the allowed forms where exactly one must fit");
    return fitting == 1;
}

bool Judge::visit(const NotConstraint& constraint) {
    return !quietly(*target_, *constraint.getSubschema()) ||
           fail("found " + describe(*target_) + ", which is not allowed here");
}

bool Judge::visit(const ConditionalConstraint& constraint) {
    const bool holds = quietly(*target_, *constraint.getIfSubschema());
    const Subschema* next = holds ? constraint.getThenSubschema() : constraint.getElseSubschema();
    return next == nullptr || apply(*next);
}

bool Judge::visit(const TypeConstraint& constraint) {
    bool passes = false;
    std::string expected;
    constraint.applyToNamedTypes([&](vj::TypeConstraint::JsonType type) {
        passes = passes || has_type(*target_, type);
        expected += (expected.empty() ? "" : " or ") + type_text(type);
        return true;
    });
    return passes || fail("expected " + expected + ", found " + describe(*target_));
}

bool Judge::visit(const PropertiesConstraint& constraint) {
    if (!target_->is_object()) return true;
    bool passes = true;
    std::vector<bool> known(target_->size(), false);
    const Json::Object& members = target_->members();
    const auto judge_member = [&](std::size_t index, const Subschema& schema) {
        known[index] = true;
        passes = descend(members[index].value, schema, index, members[index].key) && passes;
    };
    constraint.applyToProperties([&](const auto& name, const Subschema* schema) {
        const std::string_view wanted(name.data(), name.size());
        for (std::size_t i = 0; i < members.size(); ++i)
            if (members[i].key == wanted) judge_member(i, *schema);
        return true;
    });
    constraint.applyToPatternProperties([&](const auto& name, const Subschema* schema) {
        const auto pattern = patterns_.find(std::string(name.data(), name.size()));
        for (std::size_t i = 0; i < members.size() && pattern != patterns_.end(); ++i)
            if (contains_pattern(members[i].key, pattern->second).value_or(false))
                judge_member(i, *schema);
        return true;
    });
    const Subschema* rest = constraint.getAdditionalPropertiesSubschema();
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (known[i]) continue;
        if (rest != nullptr)
            judge_member(i, *rest);
        else
            passes = fail_at(i, members[i].key, "is not a known property");
    }
    return passes;
}

bool Judge::visit(const PropertyNamesConstraint& constraint) {
    bool passes = true;
    const Json::Object& members = target_->members();
    for (std::size_t i = 0; i < members.size(); ++i)
        if (!quietly(Json(members[i].key), *constraint.getSubschema()))
            passes = fail_at(i, members[i].key, "is not an allowed property name");
    return passes;
}

bool Judge::visit(const RequiredConstraint& constraint) {
    if (!target_->is_object()) return true;
    bool passes = true;
    constraint.applyToRequiredProperties([&](const auto& name) {
        const std::string_view wanted(name.data(), name.size());
        if (!target_->contains(wanted))
            passes = fail_at(target_->size(), wanted, "is required and missing");
        return true;
    });
    return passes;
}

bool Judge::visit(const DependenciesConstraint& constraint) {
    if (!target_->is_object()) return true;
    bool passes = true;
    constraint.applyToPropertyDependencies([&](const auto& name, const auto& needed) {
        const std::string_view trigger(name.data(), name.size());
        if (!target_->contains(trigger)) return true;
        for (const auto& other : needed)
            if (!target_->contains(std::string_view(other.data(), other.size())))
                passes = fail_at(target_->size(), std::string_view(other.data(), other.size()),
                                 "is required beside " + std::string(trigger) + " and missing");
        return true;
    });
    constraint.applyToSchemaDependencies([&](const auto& name, const Subschema* schema) {
        if (target_->contains(std::string_view(name.data(), name.size())))
            passes = apply(*schema) && passes;
        return true;
    });
    return passes;
}

bool Judge::visit(const SingularItemsConstraint& constraint) {
    bool passes = true;
    const Json::Array& items = target_->items();
    for (std::size_t i = 0; i < items.size(); ++i)
        passes = descend_item(items[i], *constraint.getItemsSubschema(), i) && passes;
    return passes;
}

bool Judge::visit(const LinearItemsConstraint& constraint) {
    bool passes = true;
    const Json::Array& items = target_->items();
    constraint.applyToItemSubschemas([&](unsigned i, const Subschema* schema) {
        if (i < items.size()) passes = descend_item(items[i], *schema, i) && passes;
        return true;
    });
    const std::size_t listed = constraint.getItemSubschemaCount();
    const Subschema* rest = constraint.getAdditionalItemsSubschema();
    if (rest == nullptr && items.size() > listed)
        return fail("expected at most " + std::to_string(listed) + " items, found " +
                    describe(*target_));
    for (std::size_t i = listed; i < items.size(); ++i)
        passes = descend_item(items[i], *rest, i) && passes;
    return passes;
}

bool Judge::visit(const ContainsConstraint& constraint) {
    if (!target_->is_array()) return true;
    const Json::Array& items = target_->items();
    return std::any_of(
               items.begin(), items.end(),
               [&](const Json& item) { return quietly(item, *constraint.getSubschema()); }) ||
           fail("has no item of the form that at least one must have");
}

bool Judge::visit(const MinLengthConstraint& constraint) {
    return !target_->is_string() ||
           at_least(count_characters(target_->text()), constraint.getMinLength(), "character");
}

bool Judge::visit(const MaxLengthConstraint& constraint) {
    return !target_->is_string() ||
           at_most(count_characters(target_->text()), constraint.getMaxLength(), "character");
}

bool Judge::visit(const MinPropertiesConstraint& constraint) {
    return !target_->is_object() ||
           at_least(target_->size(), constraint.getMinProperties(), "member");
}

bool Judge::visit(const MaxPropertiesConstraint& constraint) {
    return !target_->is_object() ||
           at_most(target_->size(), constraint.getMaxProperties(), "member");
}

bool Judge::apply(const Subschema& schema) {
    // A schema may refer to itself without a step into the document, and alternatives may
    // multiply: both end here instead of in the stack or next week.
    constexpr int kDeepest = 256;
    constexpr std::uint64_t kMostSteps = 2'000'000;
    if (depth_ >= kDeepest || ++steps_ > kMostSteps)
        return fail("this schema refers to itself too often to be judged here");
    ++depth_;
    bool passes = true;
    const Subschema::ApplyFunction judge = [&](const vj::Constraint& constraint) {
        passes = constraint.accept(*this) && passes;
        return passes || out_ != nullptr;
    };
    Subschema::ApplyFunction callable = judge;
    (void)schema.applyStrict(callable);
    --depth_;
    return passes;
}

bool Judge::quietly(const Json& value, const Subschema& schema) {
    std::vector<Placed>* const out = std::exchange(out_, nullptr);
    const Json* const target = std::exchange(target_, &value);
    const bool passes = apply(schema);
    target_ = target;
    out_ = out;
    return passes;
}

bool Judge::enter(const Json& value, const Subschema& schema, std::size_t index,
                  const std::string& step) {
    const Json* const target = std::exchange(target_, &value);
    const std::size_t length = path_.size();
    path_ += step;
    position_.push_back(index);
    const bool passes = apply(schema);
    position_.pop_back();
    path_.resize(length);
    target_ = target;
    return passes;
}

bool Judge::descend(const Json& value, const Subschema& schema, std::size_t index,
                    const std::string& key) {
    return enter(value, schema, index, path_.empty() ? key : "." + key);
}

bool Judge::fail(std::string message) {
    constexpr std::size_t kMost = 1000;
    if (out_ != nullptr && out_->size() < kMost)
        out_->push_back({position_, {path_, std::move(message)}});
    return false;
}

bool Judge::fail_at(std::size_t index, std::string_view key, std::string message) {
    const std::size_t length = path_.size();
    if (!path_.empty()) path_ += '.';
    path_ += key;
    position_.push_back(index);
    (void)fail(std::move(message));
    position_.pop_back();
    path_.resize(length);
    return false;
}

bool Judge::at_least(std::size_t count, std::uint64_t limit, const std::string& thing) {
    return count >= limit || fail("expected at least " + std::to_string(limit) + " " + thing +
                                  (limit == 1 ? "" : "s") + ", found " + std::to_string(count));
}

bool Judge::at_most(std::size_t count, std::uint64_t limit, const std::string& thing) {
    return count <= limit || fail("expected at most " + std::to_string(limit) + " " + thing +
                                  (limit == 1 ? "" : "s") + ", found " + std::to_string(count));
}

template <class Constraint>
std::size_t Judge::alternatives(const Constraint& constraint) {
    std::size_t fitting = 0;
    std::size_t count = 0;
    std::vector<Placed> nearest;
    const auto reach = [](const std::vector<Placed>& found) {
        std::size_t deepest = 0;
        for (const Placed& placed : found) deepest = std::max(deepest, placed.position.size());
        return deepest;
    };
    std::vector<Placed>* const out = out_;
    constraint.applyToSubschemas([&](unsigned, const Subschema* schema) {
        std::vector<Placed> found;
        out_ = out != nullptr ? &found : nullptr;
        ++count;
        if (apply(*schema))
            ++fitting;
        else if (count == 1 || reach(found) > reach(nearest))
            nearest = std::move(found);
        return true;
    });
    out_ = out;
    if (fitting == 0 && out_ != nullptr) {
        (void)fail("fits none of the " + std::to_string(count) + " allowed forms");
        for (Placed& placed : nearest) out_->push_back(std::move(placed));
    }
    return fitting;
}

bool Judge::visit_enum(const Json& values) {
    const Json::Array& items = values.items();
    if (std::any_of(items.begin(), items.end(),
                    [&](const Json& item) { return equal_values(*target_, item); }))
        return true;
    std::string expected;
    for (const Json& item : items) expected += (expected.empty() ? "" : ", ") + item.dump();
    return fail("expected one of " + shortened(expected) + ", found " + describe(*target_));
}

bool Judge::visit_pattern(const std::string& pattern) {
    const std::string* text = target_->string_if();
    if (text == nullptr) return true;
    const std::optional<bool> contains = contains_pattern(*text, patterns_.at(pattern));
    if (!contains) return fail(describe(*target_) + " is too long to be matched against a pattern");
    return *contains || fail("expected the pattern " + pattern + ", found " + describe(*target_));
}

bool Judge::visit_unique() {
    const Json::Array& items = target_->items();
    // Equal values have equal spellings but for numbers and member order, so a sorted copy
    // would miss some; lists with this keyword are short.
    for (std::size_t i = 0; i < items.size(); ++i) {
        for (std::size_t j = i + 1; j < items.size(); ++j) {
            if (++steps_ > 2'000'000) return fail("has too many items to find equal ones");
            if (equal_values(items[i], items[j]))
                return fail("items " + std::to_string(i) + " and " + std::to_string(j) +
                            " are equal; each may stand there once");
        }
    }
    return true;
}

bool Judge::visit_number(std::string_view keyword, const std::string& limit) {
    const std::string& token = *target_->number_if();
    if (keyword == "multipleOf") {
        const std::optional<bool> multiple = is_multiple(token, limit);
        if (!multiple)
            return fail("has too many digits to tell whether it is a multiple of " + limit);
        return *multiple ||
               fail("expected a multiple of " + limit + ", found " + describe(*target_));
    }
    const std::strong_ordering order = compare_numbers(token, limit);
    if (keyword == "minimum")
        return order >= 0 || fail("expected at least " + limit + ", found " + describe(*target_));
    if (keyword == "maximum")
        return order <= 0 || fail("expected at most " + limit + ", found " + describe(*target_));
    if (keyword == "exclusiveMinimum")
        return order > 0 || fail("expected more than " + limit + ", found " + describe(*target_));
    return order < 0 || fail("expected less than " + limit + ", found " + describe(*target_));
}

bool ExactConstraint::accept(vj::ConstraintVisitor& visitor) const {
    return static_cast<Judge&>(visitor).visit_exact(*this);  // no other visitor is ever used
}

}  // namespace carrick::schema
