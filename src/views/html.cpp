#include <fmt/format.h>

#include <algorithm>
#include <base/embedded.hpp>
#include <base/text.hpp>
#include <limits>
#include <views/cells.hpp>
#include <views/content_hash.hpp>
#include <views/page.hpp>
#include <views/view.hpp>

namespace resident {

namespace {

struct Bundle {
  std::string script, style;
  std::string script_hash, style_hash;
  std::vector<ServedFile> served;
};

// A name that changes with the content: 96 bits of its hash.
std::string name_by_hash(const std::string& hash, std::string_view ending) {
  std::string name = hash.substr(hash.find('-') + 1, 16);
  for (char& c : name) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return fmt::format("/resident-{}.{}", name, ending);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// The web bundle, made safe to stand in a document.
const Bundle& bundle() {
  static const Bundle loaded = [] {
    Bundle result;
    for (const embedded::File& file : embedded::web_files()) {
      std::string& text = file.name == "resident.js" ? result.script : result.style;
      for (const char c : file.content)
        if (c != '\r') text += c;  // browsers drop it before they compute the hash
      // Nothing in a string may look like the end of the element; "\/" is "/" there.
      replace_all(text, "</script", "<\\/script");
      replace_all(text, "</style", "<\\/style");
      replace_all(text, "<!--", "<\\!--");
    }
    result.script_hash = content_hash(result.script);
    result.style_hash = content_hash(result.style);
    result.served = {{name_by_hash(result.script_hash, "js"), "text/javascript; charset=utf-8",
                      std::make_shared<const std::string>(result.script)},
                     {name_by_hash(result.style_hash, "css"), "text/css; charset=utf-8",
                      std::make_shared<const std::string>(result.style)}};
    return result;
  }();
  return loaded;
}

// Script and style sheet are files of the site's own; it has no form, and nothing to ask for.
std::string site_policy() {
  return "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'none'; base-uri 'none'; "
         "form-action 'none'";
}

std::string site_navigation(const Page& page, const DocumentOptions& options) {
  std::string links;
  for (const auto& [address, title] : options.navigation) {
    const std::string own = page.slug + ".html";
    const bool is_here = own == address;
    // "reports/2026-W30.html" stands behind "reports.html".
    const bool is_above = !is_here && own.starts_with(address.substr(0, address.find('.')) + "/");
    links += fmt::format("<li><a href=\"{}\"{}>{}</a></li>", escape_html(options.site->root + address),
                         is_here    ? " aria-current=\"page\""
                         : is_above ? " aria-current=\"true\""
                                    : "",
                         html_text(title));
  }
  return links;
}

std::string address_of(const std::pair<std::string, std::string>& entry, const DocumentOptions& options) {
  return escape_html(entry.first + document_query(options));
}

std::string navigation(const std::vector<Page>& pages, const DocumentOptions& options) {
  std::string links;
  if (options.site && pages.size() == 1) {
    links = site_navigation(pages.front(), options);
  } else if (options.served) {
    for (const auto& entry : options.navigation) {
      const std::string slug = entry.first == "/" ? "today" : entry.first.substr(1);
      const bool current = pages.size() == 1 && pages.front().slug == slug;
      links += fmt::format("<li><a href=\"{}\"{}>{}</a></li>", address_of(entry, options),
                           current ? " aria-current=\"page\"" : "", html_text(entry.second));
    }
  } else if (pages.size() > 1) {
    for (const Page& page : pages)
      links += fmt::format("<li><a href=\"#{}\">{}</a></li>", html_text(page.slug), html_text(page.title));
  }
  return links.empty() ? links : fmt::format("<nav aria-label=\"Pages\"><ul>{}</ul></nav>\n", links);
}

std::string form(const std::vector<Page>& pages, const DocumentOptions& options) {
  if (!options.served || options.projects.empty()) return {};
  std::string action = "/", kept;
  if (pages.size() == 1) {
    const Page& page = pages.front();
    const bool is_item = page.slug.starts_with("item/");
    for (const auto& entry : options.navigation)
      if (entry.first == "/" + page.slug) action = entry.first;
    static constexpr std::string_view kOwnAddress[] = {"thread", "search", "person", "label", "file", "module"};
    if (is_item || std::find(std::begin(kOwnAddress), std::end(kOwnAddress), page.slug) != std::end(kOwnAddress))
      action = "/" + page.slug;
    for (const auto& [name, value] : page.query)
      if (!value.empty() && !(is_item && name == "number"))
        kept += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", html_text(name), html_text(value));
  }
  std::string choices;
  for (const std::string& project : options.projects)
    choices += fmt::format("<option value=\"{0}\"{1}>{0}</option>", html_text(project),
                           project == options.project ? " selected" : "");
  return fmt::format(
      "<form method=\"get\" action=\"{}\">\n"
      "<label>Project <select name=\"project\">{}</select></label>\n"
      "<label>As of <input type=\"date\" name=\"as_of\" value=\"{}\" min=\"1970-01-01\" max=\"9999-12-31\"></label>\n"
      "{}<button type=\"submit\">Show</button></form>\n",
      escape_html(action), choices, html_text(options.as_of.substr(0, 10)), kept);
}

// Looks for words in everything that is known; "/" leads there.
std::string search_box(const std::vector<Page>& pages, const DocumentOptions& options) {
  if (!options.served || options.projects.empty()) return {};
  std::string words;
  if (pages.size() == 1 && pages.front().slug == "search")
    for (const auto& [name, value] : pages.front().query)
      if (name == "q") words = value;
  const auto hide = [](const char* name, const std::string& value) {
    return value.empty() ? value
                         : fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, html_text(value));
  };
  return fmt::format(
      "<form method=\"get\" action=\"/search\" role=\"search\" class=\"search\">{}{}<label><span "
      "class=\"unseen\">Search everything</span><input type=\"search\" name=\"q\" value=\"{}\" placeholder=\"Search: "
      "words, is:open, label:…\" maxlength=\"400\" aria-keyshortcuts=\"/\"></label><button "
      "type=\"submit\">Search</button></form>\n",
      hide("project", options.project), hide("as_of", options.as_of), html_text(words));
}

std::string subject(const Page& page, const DocumentOptions& options) {
  const bool is_over_projects = page.slug == "fleet";
  std::string project = is_over_projects ? "all projects" : options.project, as_of = options.as_of;
  for (const auto* results : {&page.results, &page.data})
    for (const Result& result : *results) {
      if (project.empty()) project = result.project;
      if (as_of.empty() && result.as_of) as_of = format_date(result.as_of);
    }
  if (project.empty()) return {};
  if (project == page.title)
    return as_of.empty() ? as_of : fmt::format("<p class=\"subject\">As of {}</p>\n", html_text(as_of));
  return fmt::format("<p class=\"subject\">{}{}</p>\n", html_text(project),
                     as_of.empty() ? std::string() : ", as of " + html_text(as_of));
}

// Whose notes and plan these are, where several people use one dashboard.
std::string user_line(const DocumentOptions& options) {
  if (!options.names_user)
    return options.user.empty() ? std::string()
                                : fmt::format("<p>Notes, snoozes and plan are {}’s.</p>", html_text(options.user));
  if (options.form_token.empty()) return {};
  const auto hide = [](const char* name, const std::string& value) {
    return fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, html_text(value));
  };
  return fmt::format(
      "<form method=\"post\" action=\"/plan\" class=\"user\">{}{}{}{}{}<label>{} <input type=\"text\" name=\"content\" "
      "value=\"{}\" maxlength=\"100\" autocomplete=\"off\"></label><button type=\"submit\">Keep</button></form>",
      hide("token", options.form_token), hide("project", options.project), hide("item", "0"), hide("kind", "user"),
      hide("back", options.here),
      options.user.empty() ? "Several of you? Notes, snoozes and plan of your own, by name:"
                           : "Notes, snoozes and plan of:",
      html_text(options.user));
}

// What the page is to show, as a form that asks for it again.
std::string choice_of(const Page& page, const DocumentOptions& options) {
  if (page.fields.empty() || !options.served) return {};
  std::string out = fmt::format("<form method=\"get\" class=\"choice\" action=\"/{}\">\n",
                                page.slug == "today" ? "" : html_text(page.slug));
  const auto hide = [&](const char* name, const std::string& value) {
    if (!value.empty())
      out += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name, html_text(value));
  };
  hide("project", options.project);
  hide("as_of", options.as_of);
  // What the address says beside the fields: what the page is of.
  for (const auto& [name, value] : page.query)
    if (name == "of") hide("of", value);
  for (const PageField& field : page.fields) {
    const std::string name = html_text(field.name), value = html_text(field.value);
    out += fmt::format("<label>{} ", html_text(field.label));
    if (field.kind == PageField::Kind::check) {
      out += fmt::format("<input type=\"checkbox\" name=\"{}\" value=\"{}\"{}></label>\n", name, value,
                         field.is_checked ? " checked" : "");
      continue;
    }
    if (field.kind == PageField::Kind::choice) {
      out += fmt::format("<select name=\"{}\"><option value=\"\">any</option>", name);
      for (const std::string& option : field.options)
        out += fmt::format("<option value=\"{0}\"{1}>{0}</option>", html_text(option),
                           option == field.value ? " selected" : "");
      out += "</select></label>\n";
      continue;
    }
    const bool is_number = field.kind == PageField::Kind::number;
    // What is no number, a field of numbers cannot show.
    const bool is_shown = !is_number || field.value.find_first_not_of("0123456789") == std::string::npos;
    out += fmt::format("<input type=\"{}\" name=\"{}\" value=\"{}\"{}></label>\n", is_number ? "number" : "text", name,
                       is_shown ? value : "",
                       is_number               ? " min=\"1\" max=\"100000\""
                       : field.options.empty() ? std::string()
                                               : fmt::format(" list=\"of-{}\"", name));
    if (field.options.empty() || is_number) continue;
    out += fmt::format("<datalist id=\"of-{}\">", name);
    for (const std::string& option : field.options) out += fmt::format("<option value=\"{}\">", html_text(option));
    out += "</datalist>\n";
  }
  return out + fmt::format("<button type=\"submit\">{}</button></form>\n", html_text(page.fields_button));
}

std::string data_links(const Page& page, const DocumentOptions& options) {
  if (page.data.empty() || !options.served) return {};
  std::string links;
  for (const Result& result : page.data)
    links += fmt::format("{}<a href=\"{}\">{}</a>", links.empty() ? "" : ", ",
                         escape_html(json_address(result.name, options)), html_text(result.title));
  return fmt::format("<p class=\"data\">As JSON: {}</p>\n", links);
}

// Of what nothing is known the names stand at the end, and what could be said opens on demand: a project without CI has
// no page of empty sections.
std::string results_of(const Page& page, const DocumentOptions& options, int heading_level) {
  std::string out, names, unknown;
  for (const Result& result : page.results) {
    const std::string section = render_result(result, options, heading_level);
    if (&result == &page.results.front() || !result.rows.empty() || result.sample_size.value_or(1) != 0) {
      out += section;
      continue;
    }
    names += (names.empty() ? "" : ", ") + html_text(result.title);
    unknown += section;
  }
  if (names.empty()) return out;
  return out + fmt::format("<details class=\"unknown\"><summary>Nothing is known for: {}</summary>\n{}</details>\n",
                           names, unknown);
}

std::string body_of(const Page& page, const DocumentOptions& document, int heading_level) {
  DocumentOptions options = document;
  options.query = page.query;
  options.page_title = page.title;
  std::string out;
  if (const std::string url = safe_url(page.url); !url.empty())
    out += fmt::format("<p class=\"subject\"><a href=\"{}\" rel=\"noopener noreferrer\">Open it at the forge</a></p>\n",
                       escape_html(url));
  if (!page.intro.empty())
    out += fmt::format("<p class=\"intro\">{}</p>\n",
                       with_code(page.slug.starts_with("item/") || page.slug == "error"
                                     ? html_text(page.intro)  // it names itself
                                     : link_items(keep_units(html_text(page.intro)), options)));
  if (!options.done.empty() && std::none_of(page.cards.begin(), page.cards.end(), [&](const ActionCard& card) {
        return card.item_id == options.done_item && card.anchor == "item";
      }))
    out += done_line(options);
  out += choice_of(page, options);
  if (std::any_of(page.results.begin(), page.results.end(), [](const Result& result) { return result.simulated; }))
    out += "<p class=\"simulated\">Simulated data: these figures come from a simulation, not from a project.</p>\n";
  if (!page.markdown.empty())
    out += fmt::format("<div class=\"prose\">\n{}</div>\n", render_markdown_as_html(page.markdown, heading_level));
  if (!page.cards_title.empty() && !page.cards.empty())
    out += fmt::format("<h{0} class=\"over-cards\">{1}</h{0}>\n", heading_level, html_text(page.cards_title));
  out += render_cards(page, options, page.cards_title.empty() ? heading_level : heading_level + 1);
  out += results_of(page, options, heading_level);
  if (page.results.empty() && page.markdown.empty() && page.intro.empty() && page.cards.empty())
    out += "<p class=\"nothing\">Nothing to show.</p>\n";
  return out + data_links(page, options);
}

}  // namespace

std::string with_code(const std::string& escaped) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t open = escaped.find('`', at);
    const std::size_t close = open == std::string::npos ? open : escaped.find('`', open + 1);
    if (close == std::string::npos) return out + escaped.substr(at);
    out += escaped.substr(at, open - at) + "<code>" + escaped.substr(open + 1, close - open - 1) + "</code>";
    at = close + 1;
  }
}

std::string site_file(std::string_view address) {
  return "assets" + std::string(address);
}

const std::vector<ServedFile>& served_files() {
  return bundle().served;
}

std::string content_policy(bool served) {
  if (served)
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri "
           "'none'; form-action 'self'";
  return fmt::format(
      "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; connect-src 'none'; base-uri 'none'; "
      "form-action 'none'",
      bundle().script_hash, bundle().style_hash);
}

void hide_emails(Page& page) {
  for (std::string* text : {&page.title, &page.intro, &page.markdown, &page.cards_title}) *text = hide_emails(*text);
  for (auto* results : {&page.results, &page.data})
    for (Result& result : *results) hide_emails(result);
  for (auto& link : page.links) link.second = hide_emails(link.second);
  for (ActionCard& card : page.cards) {
    for (std::string* text : {&card.title, &card.tag, &card.text, &card.heading}) *text = hide_emails(*text);
    for (CardFact& fact : card.facts)
      for (std::string* text : {&fact.what, &fact.answer, &fact.more}) *text = hide_emails(*text);
    for (ActionForm& form : card.forms) form.reason = hide_emails(form.reason);
  }
}

std::string render_document(const std::vector<Page>& written, const DocumentOptions& options) {
  std::vector<Page> pages = written;
  for (Page& page : pages) hide_emails(page);
  const bool one = pages.size() == 1;
  std::string title = html_text(options.title);
  if (one && !pages.front().title.empty() && pages.front().title != options.title)
    title = html_text(pages.front().title) + " – " + title;
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
      "{}<title>{}</title>\n<link rel=\"icon\" href=\"data:,\">\n{}\n</head>\n<body>\n"
      "<a class=\"skip\" href=\"#main\">Skip to the content</a>\n",
      escape_html(options.site ? site_policy() : content_policy(options.served)),
      options.state.empty() ? std::string()
                            : fmt::format("<meta name=\"resident-state\" content=\"{}\">\n", html_text(options.state)),
      title,
      options.site     ? fmt::format("<link rel=\"stylesheet\" href=\"{}{}\">\n{}", escape_html(options.site->root),
                                     site_file(bundle().served[1].address), options.site->head)
      : options.served ? fmt::format("<link rel=\"stylesheet\" href=\"{}\">", bundle().served[1].address)
                       : fmt::format("<style>{}</style>", bundle().style));
  const std::string links = navigation(pages, options), choice = form(pages, options);
  if (options.served || options.site) {
    out += fmt::format("<header class=\"top\"><p class=\"brand\"><a href=\"{}\">{}</a></p>\n{}{}{}</header>\n",
                       escape_html(options.site ? options.site->root + "index.html" : "/" + document_query(options)),
                       html_text(options.title), links, search_box(pages, options), choice);
  } else if (!links.empty()) {
    out +=
        fmt::format("<header class=\"top\"><p class=\"brand\">{}</p>\n{}</header>\n", html_text(options.title), links);
  }
  out += "<main id=\"main\" tabindex=\"-1\">\n";
  if (one) {
    const Page& page = pages.front();
    out += fmt::format("<h1>{}</h1>\n{}", html_text(page.title.empty() ? options.title : page.title),
                       subject(page, options));
    out += body_of(page, options, 2);
  } else {
    out += fmt::format("<h1>{}</h1>\n", html_text(options.title));
    if (!pages.empty()) out += subject(pages.front(), options);
    for (const Page& page : pages)
      out += fmt::format("<section class=\"page\" id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", html_text(page.slug),
                         html_text(page.title), body_of(page, options, 3));
  }
  out +=
      "</main>\n<footer><p>All times are UTC; h, d, mo and y are hours, days, months and years. n is how many were "
      "counted, a PR a pull request, CI the automatic checks of a change.</p>";
  out += user_line(options);
  if (options.served) out += "<p>Keys: <kbd>/</kbd> searches, <kbd>?</kbd> shows the others.</p>";
  if (options.site) out += "\n" + options.site->footer;
  out += "</footer>\n";
  out += options.site     ? fmt::format("<script src=\"{}{}\"></script>\n", escape_html(options.site->root),
                                        site_file(bundle().served[0].address))
         : options.served ? fmt::format("<script src=\"{}\"></script>\n", bundle().served[0].address)
                          : fmt::format("<script>{}</script>\n", bundle().script);
  out += "</body>\n</html>\n";
  return out;
}

std::string render_html(const std::vector<Result>& results, const RenderOptions& options) {
  check_fields(results, options);
  Page page;
  page.slug = "results";
  page.results = results;
  page.title = results.size() == 1 ? results.front().project : std::string("Results");
  if (page.title.empty()) page.title = "Result";
  if (!options.fields.empty()) {
    for (Result& result : page.results) {
      const std::vector<std::size_t> chosen = chosen_columns(result, options, Hidden::keep);
      for (Column& column : result.columns) column.hidden = true;
      for (const std::size_t i : chosen) result.columns[i].hidden = false;
    }
  }
  DocumentOptions document;
  document.most_rows = std::numeric_limits<std::size_t>::max();
  return render_document({page}, document);
}

}  // namespace resident
