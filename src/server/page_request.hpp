// What a request to the dashboard asks for, read and checked: which page, of which
// project, as of when, and whether a form was sent by one of our own pages. Throws
// Refusal, which the client is told in place of a page.
#pragma once

#include <server/content.hpp>
#include <server/message.hpp>
#include <string>
#include <utility>
#include <vector>

namespace resident::server {

// Address and title of the pages that every page links to, in the order in which a maintainer opens them.
const std::vector<std::pair<std::string, std::string>>& navigation();
// "item" for "/item/12"; "" where there is no such page.
std::string slug_of(const std::string& path);
PageRequest read_request(const Request& request, const std::vector<std::string>& projects);
// Pages to look on for a Result of that name, likely ones first.
std::vector<std::string> slugs_for(const std::string& name, const PageRequest& request);
// Whether one notes and plans on it, or it may be of such a page: it shows what was noted last.
bool is_worked_on(const std::string& slug);
// What a form did, in a sentence for people; "" for a word that says nothing.
std::string done_sentence(const std::string& word);
// The form that takes it back: its kind and content; "" where there is none.
std::pair<std::string, std::string> undo_of(const std::string& done);
// Whether an address is one of ours whose page has forms, to go back to.
bool has_forms(const std::string& address);
// Whether a browser says that one of our own pages sent it; other programs say nothing.
bool is_from_here(const Request& request);
// The name in a Host header, without the port; a port that is no number stays.
std::string host_name(const std::string& header);

}  // namespace resident::server
