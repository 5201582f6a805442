// SPDX-License-Identifier: Apache-2.0
// Schema: valijson parses the plain form and resolves its references; our own visitor judges
// documents by it, so that numbers stay exact and messages name thing, value and expectation.
#include "core/schema/schema.hpp"

#include "core/schema/exact.hpp"
#include "core/schema/json_adapter.hpp"
#include "core/schema/prepare.hpp"

#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <new>
#include <set>

namespace carrick::schema {

namespace vj = valijson::constraints;
using valijson::Subschema;

struct Schema::Compiled {
    valijson::Schema schema;
    std::map<std::string, std::regex> patterns;
};

namespace {

class Judge;

/// A keyword that valijson would judge on doubles, or with a matcher that can hang: kept as the
/// schema's own value, judged by us.
struct ExactConstraint final : vj::Constraint {
    ExactConstraint(std::string_view keyword_name, Json keyword_value)
        : keyword(keyword_name), value(std::move(keyword_value)) {}
    bool accept(vj::ConstraintVisitor& visitor) const override;
    [[nodiscard]] OwningPointer clone(CustomAlloc allocate, CustomFree free) const override {
        std::unique_ptr<void, CustomFree> memory(allocate(sizeof(ExactConstraint)), free);
        if (!memory) throw std::bad_alloc();
        const auto* copy = new (memory.get()) ExactConstraint(*this);
        memory.release();
        return {copy, CustomDeleter<const Constraint>(free)};
    }

    std::string_view keyword;  // one of kExactKeywords
    Json value;
};

class ExactBuilder final : public valijson::ConstraintBuilder {
public:
    explicit ExactBuilder(std::string_view keyword) : keyword_(keyword) {}
    [[nodiscard]] vj::Constraint* make(const valijson::adapters::Adapter& value) const override {
        return new ExactConstraint(keyword_, static_cast<const JsonAdapter&>(value).json());
    }

private:
    std::string_view keyword_;
};

/// What was found, without the text itself: a payload's texts are personal data.
std::string describe(const Json& value) {
    const auto counted = [](std::size_t count, const std::string& thing) {
        return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
    };
    if (const std::string* text = value.string_if())
        return "a text of " + counted(count_characters(*text), "character");
    if (const std::string* token = value.number_if())
        return "the number " + (token->size() > 40 ? token->substr(0, 40) + "..." : *token);
    if (value.is_array()) return "a list of " + counted(value.size(), "item");
    if (value.is_object()) return "an object";
    return value.is_null() ? "null" : (*value.bool_if() ? "true" : "false");
}

std::string shortened(std::string text) {
    constexpr std::size_t kShown = 200;
    if (text.size() > kShown) text = text.substr(0, kShown) + "...";
    return text;
}

std::string type_text(vj::TypeConstraint::JsonType type) {
    switch (type) {
        case vj::TypeConstraint::kArray: return "a list";
        case vj::TypeConstraint::kBoolean: return "true or false";
        case vj::TypeConstraint::kInteger: return "a whole number";
        case vj::TypeConstraint::kNull: return "null";
        case vj::TypeConstraint::kNumber: return "a number";
        case vj::TypeConstraint::kObject: return "an object";
        case vj::TypeConstraint::kString: return "a text";
        case vj::TypeConstraint::kAny: break;
    }
    return "anything";
}

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

/// A violation with the place of its value among its siblings, level by level, to sort by.
struct Placed {
    std::vector<std::size_t> position;
    Violation violation;
};

/// Walks a document and the schema together. Every `visit` answers whether the current value
/// passes, and writes down why not when somebody wants to know.
class Judge final : public vj::ConstraintVisitor {
public:
    explicit Judge(const std::map<std::string, std::regex>& patterns) : patterns_(patterns) {}

    std::vector<Violation> judge(const Json& document, const Subschema& schema) {
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

    bool visit_exact(const ExactConstraint& constraint) {
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

    bool visit(const AllOfConstraint& constraint) override {
        bool passes = true;
        constraint.applyToSubschemas([&](unsigned, const Subschema* schema) {
            passes = apply(*schema) && passes;
            return passes || out_ != nullptr;
        });
        return passes;
    }

    bool visit(const AnyOfConstraint& constraint) override { return alternatives(constraint) > 0; }

    bool visit(const OneOfConstraint& constraint) override {
        const std::size_t fitting = alternatives(constraint);
        if (fitting > 1)
            return fail("fits " + std::to_string(fitting) +
                        " of the allowed forms where exactly one must fit");
        return fitting == 1;
    }

    bool visit(const NotConstraint& constraint) override {
        return !quietly(*target_, *constraint.getSubschema()) ||
               fail("found " + describe(*target_) + ", which is not allowed here");
    }

    bool visit(const ConditionalConstraint& constraint) override {
        const bool holds = quietly(*target_, *constraint.getIfSubschema());
        const Subschema* next =
            holds ? constraint.getThenSubschema() : constraint.getElseSubschema();
        return next == nullptr || apply(*next);
    }

    bool visit(const TypeConstraint& constraint) override {
        bool passes = false;
        std::string expected;
        constraint.applyToNamedTypes([&](vj::TypeConstraint::JsonType type) {
            passes = passes || has_type(*target_, type);
            expected += (expected.empty() ? "" : " or ") + type_text(type);
            return true;
        });
        return passes || fail("expected " + expected + ", found " + describe(*target_));
    }

    bool visit(const PropertiesConstraint& constraint) override {
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

    bool visit(const PropertyNamesConstraint& constraint) override {
        bool passes = true;
        const Json::Object& members = target_->members();
        for (std::size_t i = 0; i < members.size(); ++i)
            if (!quietly(Json(members[i].key), *constraint.getSubschema()))
                passes = fail_at(i, members[i].key, "is not an allowed property name");
        return passes;
    }

    bool visit(const RequiredConstraint& constraint) override {
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

    bool visit(const DependenciesConstraint& constraint) override {
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

    bool visit(const SingularItemsConstraint& constraint) override {
        bool passes = true;
        const Json::Array& items = target_->items();
        for (std::size_t i = 0; i < items.size(); ++i)
            passes = descend_item(items[i], *constraint.getItemsSubschema(), i) && passes;
        return passes;
    }

    bool visit(const LinearItemsConstraint& constraint) override {
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

    bool visit(const ContainsConstraint& constraint) override {
        if (!target_->is_array()) return true;
        const Json::Array& items = target_->items();
        return std::any_of(
                   items.begin(), items.end(),
                   [&](const Json& item) { return quietly(item, *constraint.getSubschema()); }) ||
               fail("has no item of the form that at least one must have");
    }

    bool visit(const MinLengthConstraint& constraint) override {
        return !target_->is_string() ||
               at_least(count_characters(target_->text()), constraint.getMinLength(), "character");
    }
    bool visit(const MaxLengthConstraint& constraint) override {
        return !target_->is_string() ||
               at_most(count_characters(target_->text()), constraint.getMaxLength(), "character");
    }
    bool visit(const MinItemsConstraint& constraint) override {
        return !target_->is_array() || at_least(target_->size(), constraint.getMinItems(), "item");
    }
    bool visit(const MaxItemsConstraint& constraint) override {
        return !target_->is_array() || at_most(target_->size(), constraint.getMaxItems(), "item");
    }
    bool visit(const MinPropertiesConstraint& constraint) override {
        return !target_->is_object() ||
               at_least(target_->size(), constraint.getMinProperties(), "member");
    }
    bool visit(const MaxPropertiesConstraint& constraint) override {
        return !target_->is_object() ||
               at_most(target_->size(), constraint.getMaxProperties(), "member");
    }

    // The plain form has no such keywords: `prepare` gives them to ExactConstraint.
    bool visit(const ConstConstraint&) override { return unreachable("const"); }
    bool visit(const EnumConstraint&) override { return unreachable("enum"); }
    bool visit(const FormatConstraint&) override { return unreachable("format"); }
    bool visit(const MaximumConstraint&) override { return unreachable("maximum"); }
    bool visit(const MinimumConstraint&) override { return unreachable("minimum"); }
    bool visit(const MultipleOfDoubleConstraint&) override { return unreachable("multipleOf"); }
    bool visit(const MultipleOfIntConstraint&) override { return unreachable("multipleOf"); }
    bool visit(const PatternConstraint&) override { return unreachable("pattern"); }
    bool visit(const UniqueItemsConstraint&) override { return unreachable("uniqueItems"); }
    bool visit(const PolyConstraint&) override { return unreachable("custom"); }

private:
    bool unreachable(const char* keyword) {
        return fail("the schema's keyword " + std::string(keyword) + " was not prepared");
    }

    /// Applies a schema to the current value.
    bool apply(const Subschema& schema) {
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

    /// Applies a schema to another value without writing anything down.
    bool quietly(const Json& value, const Subschema& schema) {
        std::vector<Placed>* const out = std::exchange(out_, nullptr);
        const Json* const target = std::exchange(target_, &value);
        const bool passes = apply(schema);
        target_ = target;
        out_ = out;
        return passes;
    }

    bool enter(const Json& value, const Subschema& schema, std::size_t index,
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
    bool descend(const Json& value, const Subschema& schema, std::size_t index,
                 const std::string& key) {
        return enter(value, schema, index, path_.empty() ? key : "." + key);
    }
    bool descend_item(const Json& value, const Subschema& schema, std::size_t index) {
        return enter(value, schema, index, "[" + std::to_string(index) + "]");
    }

    bool fail(std::string message) {
        constexpr std::size_t kMost = 1000;
        if (out_ != nullptr && out_->size() < kMost)
            out_->push_back({position_, {path_, std::move(message)}});
        return false;
    }
    bool fail_at(std::size_t index, std::string_view key, std::string message) {
        const std::size_t length = path_.size();
        if (!path_.empty()) path_ += '.';
        path_ += key;
        position_.push_back(index);
        (void)fail(std::move(message));
        position_.pop_back();
        path_.resize(length);
        return false;
    }

    bool at_least(std::size_t count, std::uint64_t limit, const std::string& thing) {
        return count >= limit || fail("expected at least " + std::to_string(limit) + " " + thing +
                                      (limit == 1 ? "" : "s") + ", found " + std::to_string(count));
    }
    bool at_most(std::size_t count, std::uint64_t limit, const std::string& thing) {
        return count <= limit || fail("expected at most " + std::to_string(limit) + " " + thing +
                                      (limit == 1 ? "" : "s") + ", found " + std::to_string(count));
    }

    /// How many alternatives fit. When none does, the one that came furthest explains itself.
    template <class Constraint>
    std::size_t alternatives(const Constraint& constraint) {
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

    bool visit_enum(const Json& values) {
        const Json::Array& items = values.items();
        if (std::any_of(items.begin(), items.end(),
                        [&](const Json& item) { return equal_values(*target_, item); }))
            return true;
        std::string expected;
        for (const Json& item : items) expected += (expected.empty() ? "" : ", ") + item.dump();
        return fail("expected one of " + shortened(expected) + ", found " + describe(*target_));
    }

    bool visit_pattern(const std::string& pattern) {
        const std::string* text = target_->string_if();
        if (text == nullptr) return true;
        const std::optional<bool> contains = contains_pattern(*text, patterns_.at(pattern));
        if (!contains)
            return fail(describe(*target_) + " is too long to be matched against a pattern");
        return *contains ||
               fail("expected the pattern " + pattern + ", found " + describe(*target_));
    }

    bool visit_unique() {
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

    bool visit_number(std::string_view keyword, const std::string& limit) {
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
            return order >= 0 ||
                   fail("expected at least " + limit + ", found " + describe(*target_));
        if (keyword == "maximum")
            return order <= 0 ||
                   fail("expected at most " + limit + ", found " + describe(*target_));
        if (keyword == "exclusiveMinimum")
            return order > 0 ||
                   fail("expected more than " + limit + ", found " + describe(*target_));
        return order < 0 || fail("expected less than " + limit + ", found " + describe(*target_));
    }

    const std::map<std::string, std::regex>& patterns_;
    const Json* target_ = nullptr;
    std::vector<Placed>* out_ = nullptr;
    std::string path_;
    std::vector<std::size_t> position_;
    int depth_ = 0;
    std::uint64_t steps_ = 0;
};

bool ExactConstraint::accept(vj::ConstraintVisitor& visitor) const {
    return static_cast<Judge&>(visitor).visit_exact(*this);  // no other visitor is ever used
}

}  // namespace

Schema::Schema(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

Result<Schema> Schema::compile(const Json& schema, const Json* root) {
    Result<Prepared> prepared = prepare(schema, root);
    if (!prepared) return prepared.error();
    auto compiled = std::make_shared<Compiled>();
    compiled->patterns = std::move(prepared->patterns);
    try {
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        for (const std::string_view keyword : kExactKeywords)
            parser.addConstraintBuilder(std::string(kExactPrefix) + std::string(keyword),
                                        new ExactBuilder(keyword));
        parser.populateSchema(JsonAdapter(prepared->schema), compiled->schema);
    } catch (const std::exception& e) {
        return misconfigured("schema.syntax",
                             "the schema cannot be read: " + std::string(e.what()));
    }
    return Schema(std::move(compiled));
}

std::vector<Violation> Schema::validate(const Json& document) const {
    return Judge(compiled_->patterns).judge(document, *compiled_->schema.root());
}

}  // namespace carrick::schema
