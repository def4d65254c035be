# Tables of results: data frames that know their title, answer, notes, units and certificate.

of_table <- function(x, what) attr(x, "derisk", exact = TRUE)[[what]]

dr_answer <- function(x, ...) UseMethod("dr_answer")
dr_answer.derisk_table <- function(x, ...) of_table(x, "answer")

dr_notes <- function(x, ...) UseMethod("dr_notes")
dr_notes.derisk_table <- function(x, ...) of_table(x, "notes")

dr_facts <- function(x, ...) UseMethod("dr_facts")
dr_facts.derisk_table <- function(x, ...) of_table(x, "facts")

dr_columns <- function(x) {
  columns <- of_table(x, "columns")
  data.frame(column = names(x), unit = columns$unit, heading = columns$heading,
             description = columns$description)
}

# Single items only: rows that sum up others are left out.
dr_items <- function(x) as.data.frame(x)[of_table(x, "kind") == 0L, , drop = FALSE]

# The certificate among the facts: how well the result solves its equations.
dr_certificate <- function(x, ...) {
  facts <- dr_facts(x, ...)
  own <- startsWith(names(facts), "certificate.")
  stats::setNames(facts[own], sub("^certificate\\.", "", names(facts)[own]))
}

# A table that was changed is a plain data frame: what the library says of it is of the table as it was.
as.data.frame.derisk_table <- function(x, ...) {
  attr(x, "derisk") <- NULL
  class(x) <- "data.frame"
  x
}
`[.derisk_table` <- function(x, ...) as.data.frame(x)[...]
`[<-.derisk_table` <- function(x, ..., value) {
  x <- as.data.frame(x)
  x[...] <- value
  x
}
`[[<-.derisk_table` <- function(x, ..., value) {
  x <- as.data.frame(x)
  x[[...]] <- value
  x
}
`$<-.derisk_table` <- function(x, name, value) {
  x <- as.data.frame(x)
  x[[name]] <- value
  x
}

# As the program prints it. A table that was saved and loaded again has its numbers, but no longer its object.
print.derisk_table <- function(x, ...) {
  text <- .Call(derisk_table_text, of_table(x, "table"))
  if (is.null(text)) {
    writeLines(c(of_table(x, "title"), "", of_table(x, "answer")))
    print(as.data.frame(x), ...)
  } else {
    cat(text)
  }
  invisible(x)
}

summary.derisk_table <- function(object, ...) structure(list(table = object), class = "summary.derisk_table")
print.summary.derisk_table <- function(x, ...) {
  table <- x$table
  unit <- of_table(table, "unit")
  writeLines(c(of_table(table, "title"), "", strwrap(dr_answer(table))))
  cat("\n", nrow(table), " rows", if (nzchar(unit)) paste0(", in ", unit), "\n\n", sep = "")
  columns <- dr_columns(table)
  units <- ifelse(nzchar(columns$unit), paste0(" (", columns$unit, ")"), "")
  writeLines(strwrap(paste0(columns$column, ": ", columns$description, units), indent = 2, exdent = 4))
  worst <- dr_facts(table)$certificate.worst_residual
  if (!is.null(worst)) cat("\nCertificate: worst residual ", format(worst, digits = 2), "\n", sep = "")
  for (note in dr_notes(table)) writeLines(strwrap(note, initial = "- ", prefix = "  "))
  invisible(x)
}

# dplyr's verbs give plain data frames too.
dplyr_reconstruct.derisk_table <- function(data, template) as.data.frame(data)
