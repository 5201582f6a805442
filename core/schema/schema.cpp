// SPDX-License-Identifier: Apache-2.0
// Schema: valijson parses the plain form and resolves its references; our own visitor (judge.hpp)
// judges documents by it.
#include "core/schema/schema.hpp"

#include "core/schema/exact.hpp"
#include "core/schema/json_adapter.hpp"
#include "core/schema/judge.hpp"
#include "core/schema/prepare.hpp"

#include <valijson/constraint_builder.hpp>
#include <valijson/schema_parser.hpp>

#include <exception>
#include <map>
#include <memory>

namespace carrick::schema {

struct Schema::Compiled {
    valijson::Schema schema;
    std::map<std::string, std::regex> patterns;
};

namespace {

class ExactBuilder final : public valijson::ConstraintBuilder {
public:
    explicit ExactBuilder(std::string_view keyword) : keyword_(keyword) {}
    [[nodiscard]] vj::Constraint* make(const valijson::adapters::Adapter& value) const override {
        return new ExactConstraint(keyword_, static_cast<const JsonAdapter&>(value).json());
    }

private:
    std::string_view keyword_;
};

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
