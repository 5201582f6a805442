// SPDX-License-Identifier: Apache-2.0
// Reads request bodies property by property against the schema.
#include "examples/sandbox/netsuite/values.hpp"

#include "examples/sandbox/netsuite/address.hpp"

namespace carrick::sandbox::netsuite {

namespace {

/// Names that only one tax engine knows.
bool is_suitetax_only(std::string_view name) {
    return name == "taxDetails" || name == "taxDetailsOverride" || name == "taxDetailsReference" ||
           name == "taxRegOverride";
}

class Reader {
public:
    Reader(const RecordStore& store, const ReadingRules& rules, std::vector<std::string>& warnings)
        : store_(store), rules_(rules), warnings_(warnings) {}

    [[nodiscard]] Json properties(const Json& body, const std::vector<Field>& fields,
                                  const RecordType* type, const std::string& prefix) {
        if (!body.is_object())
            throw invalid_content(
                "Invalid content: expected an object, found " + std::string(body.type_name()) + ".",
                prefix);
        Json result = Json::object();
        for (const JsonMember& member : body.members()) {
            const std::string path = prefix.empty() ? member.key : prefix + "." + member.key;
            if (is_envelope(member.key)) continue;
            const Field* field = find(fields, member.key);
            if (field == nullptr) {
                unknown(member.key, path);
                continue;
            }
            if (field->read_only) continue;
            if (member.value.is_null()) {
                result.set(field->name, Json());
                continue;
            }
            result.set(field->name, value(member.value, *field, type, path));
        }
        return result;
    }

private:
    static bool is_envelope(std::string_view key) {
        return key == "links" || key == "id" || key == "refName";
    }

    [[nodiscard]] const Field* find(const std::vector<Field>& fields, std::string_view name) const {
        for (const Field& field : fields)
            if (same_name(field.name, name)) return is_absent(field) ? nullptr : &field;
        return nullptr;
    }

    [[nodiscard]] bool is_absent(const Field& field) const {
        return (rules_.legacy_tax && is_suitetax_only(field.name)) ||
               (!rules_.amazon_fields && is_amazon_field(field.name));
    }

    void unknown(const std::string& name, const std::string& path) {
        if (rules_.names == NameCheck::Error)
            throw invalid_content(
                "Invalid content was passed in the request: unknown field name '" + name +
                    "'. Provide a valid field name.",
                path);
        if (rules_.names == NameCheck::Warning) warnings_.push_back(path);
    }

    [[noreturn]] static void wrong_type(const Field& field, const std::string& path) {
        throw invalid_content(
            "Invalid value for the resource field '" + field.name + "'. Provide a valid value.",
            path);
    }

    [[nodiscard]] Json value(const Json& sent, const Field& field, const RecordType* type,
                             const std::string& path) {
        switch (field.kind) {
            case FieldKind::Text: return text(sent, field, path);
            case FieldKind::Date: return date(sent, field, path);
            case FieldKind::DateTime: return date_time(sent, field, path);
            case FieldKind::Number:
            case FieldKind::Percentage:
            case FieldKind::Integer: return number(sent, field, path);
            case FieldKind::Boolean:
                if (!sent.is_bool()) wrong_type(field, path);
                return sent;
            case FieldKind::Reference:
                return Json::object({{"id", resolve_reference(sent, field, path, store_, rules_)}});
            case FieldKind::Enumeration: return enumeration(sent, field, path);
            case FieldKind::References: return references(sent, field, path);
            case FieldKind::Sublist: return sublist(sent, field, type, path);
            case FieldKind::Address: {
                Json address = properties(sent, address_fields(), nullptr, path);
                return check_address(std::move(address), path);
            }
        }
        return sent;
    }

    [[nodiscard]] Json text(const Json& sent, const Field& field, const std::string& path) {
        // Country is an enumeration of some 250 ids; it is read as text and checked with the
        // address.
        if (field.name == "country" && sent.is_object()) return text(sent["id"], field, path);
        if (const std::string* token = sent.number_if()) return *token;
        if (!sent.is_string()) wrong_type(field, path);
        std::string result;
        std::size_t characters = 0;
        const std::string& source = sent.text();
        for (std::size_t i = 0; i < source.size();) {
            const auto lead = static_cast<unsigned char>(source[i]);
            const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            if (length == 4 && rules_.four_byte == FourByteText::Refuse)
                throw user_error(
                    "An invalid character was found in the field " + lower(field.name) + ".", path);
            const bool keep = !(length == 4 && rules_.four_byte == FourByteText::Strip) &&
                              (lead >= 0x20 || lead == '\n' || lead == '\r' || lead == '\t');
            if (keep) {
                result.append(source, i, length);
                ++characters;
            }
            i += length;
        }
        if (field.limit != 0 && characters > field.limit)
            throw user_error("The field " + lower(field.name) +
                                 " contained more than the maximum number ( " +
                                 std::to_string(field.limit) + " ) of characters allowed.",
                             path);
        return result;
    }

    [[nodiscard]] static Json date(const Json& sent, const Field& field, const std::string& path) {
        const std::string& source = sent.text();
        if (Result<LocalDate> day = LocalDate::parse(source)) return day->text();
        // A date-time is accepted where a date is asked for; its own calendar day counts.
        if (Result<UtcTime> time = UtcTime::parse(source)) return source.substr(0, 10);
        wrong_type(field, path);
    }

    [[nodiscard]] static Json date_time(const Json& sent, const Field& field,
                                        const std::string& path) {
        if (Result<UtcTime> time = UtcTime::parse(sent.text())) return time->text();
        if (Result<LocalDate> day = LocalDate::parse(sent.text()))
            return UtcTime::from_date(*day).text();
        wrong_type(field, path);
    }

    [[nodiscard]] static Json number(const Json& sent, const Field& field,
                                     const std::string& path) {
        if (field.kind == FieldKind::Percentage && sent.is_string() && sent.text().ends_with('%') &&
            Decimal::parse(std::string_view(sent.text()).substr(0, sent.text().size() - 1)).ok())
            return sent;
        const Json& plain = sent.is_object() ? sent["value"] : sent;  // {"value": 0} of price rows
        const std::optional<Decimal> decimal = plain.decimal_if();
        if (!decimal) wrong_type(field, path);
        if (field.kind == FieldKind::Integer && decimal->normalized().scale() != 0)
            wrong_type(field, path);
        return plain;
    }

    [[nodiscard]] static Json enumeration(const Json& sent, const Field& field,
                                          const std::string& path) {
        const Json& id = sent.is_object() ? sent["id"] : sent;
        const std::string text = id.is_number() ? *id.number_if() : id.text();
        // What has no list of values takes any word: a tax detail's line is named by its sender.
        if (field.values.empty() && !text.empty()) return Json::object({{"id", text}});
        for (const std::string& value : field.values)
            if (value == text) return Json::object({{"id", value}});
        throw invalid_value(text, field.name, path);
    }

    [[nodiscard]] Json references(const Json& sent, const Field& field, const std::string& path) {
        if (!sent["items"].is_array()) wrong_type(field, path);
        Json items = Json::array();
        std::size_t index = 0;
        for (const Json& item : sent["items"].items()) {
            const std::string at = path + ".items[" + std::to_string(index++) + "]";
            items.push_back(
                Json::object({{"id", resolve_reference(item, field, at, store_, rules_)}}));
        }
        return Json::object({{"items", std::move(items)}});
    }

    [[nodiscard]] Json sublist(const Json& sent, const Field& field, const RecordType* type,
                               const std::string& path) {
        const Sublist* list = type != nullptr ? type->sublist(field.name) : nullptr;
        if (list == nullptr || !sent.is_object()) wrong_type(field, path);
        if (sent["items"].is_null()) return {};  // {"items": null} clears
        if (!sent["items"].is_array()) wrong_type(field, path);
        Json lines = Json::array();
        std::size_t index = 0;
        for (const Json& line : sent["items"].items()) {
            const std::string at = path + ".items[" + std::to_string(index++) + "]";
            lines.push_back(properties(line, list->fields, type, at));
        }
        return Json::object({{"items", std::move(lines)}});
    }

    const RecordStore& store_;
    const ReadingRules& rules_;
    std::vector<std::string>& warnings_;
};

}  // namespace

std::string resolve_reference(const Json& value, const Field& field, const std::string& path,
                              const RecordStore& store, const ReadingRules& rules) {
    const bool bare = value.is_string() || value.is_number();
    if ((bare && !rules.bare_references) || (!bare && !value.is_object()))
        throw invalid_content(
            "Invalid value for the resource field '" + field.name + "'. Provide a valid value.",
            path);
    const std::string_view family = Schema::family_of(field.target, store.schema());
    const Json& id = bare ? value : value["id"];
    if (!id.is_null()) {
        std::string text = id.is_number() ? *id.number_if() : id.text();
        // Custom price: not a record, but a value that the price column takes.
        if (field.target == "priceLevel" && text == "-1") return text;
        const Record* record = store.find(family, text);
        if (record == nullptr || record->visible_from > rules.now ||
            !Schema::fits(*record->type, field.target))
            throw invalid_value(text, field.name, path);
        return text;
    }
    const std::string external_id = value["externalId"].text();
    if (external_id.empty())
        throw invalid_content("Invalid reference for the field '" + field.name +
                                  "'. Provide an id or an external ID.",
                              path);
    const Record* record = store.find_external(family, external_id);
    if (record == nullptr || record->visible_from > rules.now ||
        !Schema::fits(*record->type, field.target))
        throw invalid_content("The record instance for external ID '" + external_id +
                                  "' does not exist. Provide a valid record instance ID.",
                              path);
    return std::to_string(record->id);
}

Json read_body(const Json& body, const RecordType& type, const RecordStore& store,
               const ReadingRules& rules, std::vector<std::string>& warnings) {
    return Reader(store, rules, warnings).properties(body, type.fields, &type, {});
}

bool offered_in(const Record& record, const std::string& subsidiary, const RecordStore& store) {
    const Json& list = record.body["subsidiary"]["items"];
    if (list.empty()) return true;
    for (const Json& entry : list.items()) {
        if (entry["id"].text() == subsidiary) return true;
        if (!record.is_true("includeChildren")) continue;
        for (const Record* at = store.find("subsidiary", subsidiary); at != nullptr;
             at = store.find("subsidiary", at->ref("parent")))
            if (std::to_string(at->id) == entry["id"].text()) return true;
    }
    return false;
}

}  // namespace carrick::sandbox::netsuite
