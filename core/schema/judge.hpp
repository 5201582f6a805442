// SPDX-License-Identifier: Apache-2.0
// Our visitor of valijson's schemas: judges a document, so that numbers stay exact and messages
// name thing, value and expectation. Private to the module.
#pragma once

#include "core/schema/schema.hpp"

#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>
#include <valijson/schema.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <new>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::schema {

namespace vj = valijson::constraints;
using valijson::Subschema;

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
        static_cast<void>(memory.release());  // the copy is in it now
        return {copy, CustomDeleter<const Constraint>(free)};
    }

    std::string_view keyword;  // one of kExactKeywords
    Json value;
};

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

    std::vector<Violation> judge(const Json& document, const Subschema& schema);
    bool visit_exact(const ExactConstraint& constraint);
    bool visit(const AllOfConstraint& constraint) override;
    bool visit(const AnyOfConstraint& constraint) override;

    bool visit(const OneOfConstraint& constraint) override;
    bool visit(const NotConstraint& constraint) override;
    bool visit(const ConditionalConstraint& constraint) override;
    bool visit(const TypeConstraint& constraint) override;
    bool visit(const PropertiesConstraint& constraint) override;
    bool visit(const PropertyNamesConstraint& constraint) override;
    bool visit(const RequiredConstraint& constraint) override;
    bool visit(const DependenciesConstraint& constraint) override;
    bool visit(const SingularItemsConstraint& constraint) override;
    bool visit(const LinearItemsConstraint& constraint) override;
    bool visit(const ContainsConstraint& constraint) override;
    bool visit(const MinLengthConstraint& constraint) override;
    bool visit(const MaxLengthConstraint& constraint) override;
    bool visit(const MinItemsConstraint& constraint) override {
        return !target_->is_array() || at_least(target_->size(), constraint.getMinItems(), "item");
    }
    bool visit(const MaxItemsConstraint& constraint) override {
        return !target_->is_array() || at_most(target_->size(), constraint.getMaxItems(), "item");
    }
    bool visit(const MinPropertiesConstraint& constraint) override;
    bool visit(const MaxPropertiesConstraint& constraint) override;

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
    bool apply(const Subschema& schema);

    /// Applies a schema to another value without writing anything down.
    bool quietly(const Json& value, const Subschema& schema);
    bool enter(const Json& value, const Subschema& schema, std::size_t index,
               const std::string& step);
    bool descend(const Json& value, const Subschema& schema, std::size_t index,
                 const std::string& key);
    bool descend_item(const Json& value, const Subschema& schema, std::size_t index) {
        return enter(value, schema, index, "[" + std::to_string(index) + "]");
    }

    bool fail(std::string message);
    bool fail_at(std::size_t index, std::string_view key, std::string message);
    bool at_least(std::size_t count, std::uint64_t limit, const std::string& thing);
    bool at_most(std::size_t count, std::uint64_t limit, const std::string& thing);

    /// How many alternatives fit. When none does, the one that came furthest explains itself.
    template <class Constraint>
    std::size_t alternatives(const Constraint& constraint);
    bool visit_enum(const Json& values);
    bool visit_pattern(const std::string& pattern);
    bool visit_unique();
    bool visit_number(std::string_view keyword, const std::string& limit);

    const std::map<std::string, std::regex>& patterns_;
    const Json* target_ = nullptr;
    std::vector<Placed>* out_ = nullptr;
    std::string path_;
    std::vector<std::size_t> position_;
    int depth_ = 0;
    std::uint64_t steps_ = 0;
};

}  // namespace carrick::schema
