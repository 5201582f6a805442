// SPDX-License-Identifier: Apache-2.0
// Reads the field tables of record_types.cpp into a schema and adds an account's custom fields.
#include "examples/sandbox/netsuite/schema.hpp"

#include "examples/sandbox/netsuite/record_types.hpp"
#include "examples/sandbox/netsuite/refusal.hpp"

#include <algorithm>
#include <cassert>

namespace carrick::sandbox::netsuite {

namespace {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        if (end > begin) parts.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

/// "memo:t/999", "entity:r=customer", "status:e=A-Pending_Approval|B-Closed!".
Field parse_field(std::string text) {
    Field field;
    if (text.back() == '!') {
        field.read_only = true;
        text.pop_back();
    }
    const std::size_t colon = text.find(':');
    assert(colon != std::string::npos);
    field.name = text.substr(0, colon);
    std::string kind = text.substr(colon + 1);
    if (const std::size_t slash = kind.find('/');
        slash != std::string::npos && kind.find('=') == std::string::npos) {
        field.limit = static_cast<std::size_t>(std::stoul(kind.substr(slash + 1)));
        kind.resize(slash);
    }
    std::string argument;
    if (const std::size_t equals = kind.find('='); equals != std::string::npos) {
        argument = kind.substr(equals + 1);
        kind.resize(equals);
    }
    static const std::map<std::string, FieldKind> kKinds{
        {"t", FieldKind::Text},       {"d", FieldKind::Date},       {"dt", FieldKind::DateTime},
        {"n", FieldKind::Number},     {"p", FieldKind::Percentage}, {"i", FieldKind::Integer},
        {"b", FieldKind::Boolean},    {"r", FieldKind::Reference},  {"e", FieldKind::Enumeration},
        {"m", FieldKind::References}, {"s", FieldKind::Sublist},    {"a", FieldKind::Address}};
    field.kind = kKinds.at(kind);
    if (field.kind == FieldKind::Enumeration && !argument.empty()) {
        for (const std::string& value : split(argument, '|')) {
            const std::size_t dash = value.find('-');
            field.values.push_back(value.substr(0, dash));
            std::string label = dash == std::string::npos ? value : value.substr(dash + 1);
            std::replace(label.begin(), label.end(), '_', ' ');
            field.labels.push_back(std::move(label));
        }
    } else {
        field.target = argument;
    }
    return field;
}

std::vector<Field> parse_fields(std::string_view text) {
    std::vector<Field> fields;
    for (const std::string& word : split(text, ' ')) fields.push_back(parse_field(word));
    std::sort(fields.begin(), fields.end(),
              [](const Field& a, const Field& b) { return lower(a.name) < lower(b.name); });
    return fields;
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
    for (const Field& field : fields)
        if (field.name == name) return &field;
    for (const Field& field : fields)
        if (same_name(field.name, name)) return &field;
    return nullptr;
}

void insert_sorted(std::vector<Field>& fields, Field field) {
    const auto at = std::lower_bound(
        fields.begin(), fields.end(), field,
        [](const Field& a, const Field& b) { return lower(a.name) < lower(b.name); });
    fields.insert(at, std::move(field));
}

}  // namespace

std::string Field::label_of(std::string_view value) const {
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] == value) return labels[i];
    return std::string(value);
}

const Field* Sublist::field(std::string_view field_name) const {
    return find_field(fields, field_name);
}
const Field* RecordType::field(std::string_view field_name) const {
    return find_field(fields, field_name);
}
const Sublist* RecordType::sublist(std::string_view sublist_name) const {
    for (const Sublist& sublist : sublists)
        if (same_name(sublist.name, sublist_name)) return &sublist;
    return nullptr;
}

Schema::Schema(const std::vector<CustomField>& custom_fields) {
    for (const TypeSpec& spec : record_type_table()) {
        RecordType type;
        type.name = spec.name;
        type.title = spec.title;
        type.family = spec.family;
        type.code = spec.code;
        type.display = spec.display;
        type.writable = spec.writable;
        std::string fields = "id:t! externalId:t/255 lastModifiedDate:dt! ";
        fields += spec.shared_fields;
        fields += ' ';
        fields += spec.fields;
        type.fields = parse_fields(fields);
        for (const SublistSpec& list : spec.sublists)
            type.sublists.push_back(Sublist{std::string(list.name), parse_fields(list.fields),
                                            split(list.existing_key, ' '), split(list.new_key, ' '),
                                            list.mandatory});
        types_.push_back(std::move(type));
    }
    for (const CustomField& custom : custom_fields) add_custom_field(custom);
}

void Schema::add_custom_field(const CustomField& custom) {
    Field field;
    field.name = custom.script_id;
    field.kind = custom.kind;
    field.target = custom.target;
    field.limit = custom.kind == FieldKind::Text ? 300 : 0;  // free-form text; f: limits
    field.custom = true;
    const std::string_view name = custom.script_id;
    for (RecordType& type : types_) {
        if ((name.starts_with("custbody") && type.family == "transaction") ||
            (name.starts_with("custentity") && type.family == "entity") ||
            (name.starts_with("custitem") && type.family == "item"))
            insert_sorted(type.fields, field);
        if (!name.starts_with("custcol") || type.family != "transaction") continue;
        for (Sublist& sublist : type.sublists)
            if (sublist.name == "item") insert_sorted(sublist.fields, field);
    }
}

const RecordType* Schema::find(std::string_view name) const {
    for (const RecordType& type : types_)
        if (same_name(type.name, name)) return &type;
    return nullptr;
}

bool Schema::fits(const RecordType& type, std::string_view target) {
    return type.name == target || type.family == target;
}

std::string_view Schema::family_of(std::string_view target, const Schema& schema) {
    const RecordType* type = schema.find(target);
    return type != nullptr ? std::string_view(type->family) : target;
}

const std::vector<Field>& address_fields() {
    static const std::vector<Field> kFields = parse_fields(kAddressFields);
    return kFields;
}

std::vector<CustomField> default_custom_fields() {
    return {
        {"custbody_amz_order_id"},
        {"custbody_amz_account"},
        {"custbody_amz_fulfillment_channel"},
        {"custbody_amz_settlement_id"},
        {"custbody_amz_facilitator_tax", FieldKind::Number},
        {"custbody_amz_purchase_date", FieldKind::DateTime},
        {"custbody_amz_marketplace"},
        {"custbody_amz_business_order", FieldKind::Boolean},
        {"custcol_amz_order_item_id"},
        {"custcol_amz_asin"},
        {"custitem_amz_asin"},
        {"custitem_amz_sku"},
        {"custentity_amz_buyer_hash"},
        {"custbody_celigo_etail_order_id"},
        {"custbody_celigo_etail_channel"},
        {"custbody_celigo_etail_order_exported", FieldKind::Boolean},
        {"custcol_celigo_etail_order_line_id"},
        {"custbody_fa_channel_order"},
        {"custitem_fa_amz_asin"},
    };
}

bool is_amazon_field(std::string_view name) {
    return lower(name).starts_with("custbody_amz_");
}

}  // namespace carrick::sandbox::netsuite
