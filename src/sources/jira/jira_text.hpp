// What people wrote on a Jira as the text that everything else here reads: Atlassian's document format (API 3) and wiki
// markup (API 2) as plain text with Markdown's marks for what is no speech of the writer's own (quotes, code).
// https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
#pragma once

#include <sources/json/json_reader.hpp>
#include <string>
#include <string_view>

namespace resident::jira {

std::string text_of_document(const json::Element& document);
std::string text_of_wiki(std::string_view wiki);

// A field that is either; "" for null.
std::string text_of(const json::Object& object, std::string_view key);

}  // namespace resident::jira
