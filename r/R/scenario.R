# Scenarios: a file or a text, and changes as data frames, lists or texts.

# A document is the path of a file, or, where it has several lines, YAML itself.
document_of <- function(document, what) {
  if (is.null(document)) return(NULL)
  if (!is.character(document) || !length(document)) misuse(what, ": expected the path of a YAML file, or YAML as text")
  text <- paste(document, collapse = "\n")
  if (grepl("\n", text, fixed = TRUE)) list(text = text) else list(path = path.expand(text))
}

# Changes as a list of named lists, one for each change. A text is a change as on the command line, "EU:CHN:goods:25%";
# a list without names holds values in the order of the columns.
changes_of <- function(kind, changes) {
  columns <- .Call(derisk_arguments, kind)
  if (is.character(changes)) changes <- lapply(strsplit(changes, ":", fixed = TRUE), as.list)
  if (is.data.frame(changes)) {
    # no cell of a column without a value counts as an argument
    rows <- lapply(seq_len(nrow(changes)), function(i) lapply(changes, function(column) column[[i]]))
    return(lapply(rows, function(row) row[!vapply(row, function(cell) length(cell) == 1 && is.na(cell), NA)]))
  }
  if (!is.list(changes)) misuse(kind, ": expected a data frame, a list, or texts such as ", example_of(columns))
  if (length(changes) && !is.list(changes[[1]])) changes <- list(changes)
  lapply(changes, name_values, kind = kind, columns = columns)
}

example_of <- function(columns) paste0("\"", paste(toupper(setdiff(columns, "inside")), collapse = ":"), "\"")

name_values <- function(change, kind, columns) {
  if (!is.null(names(change))) return(change)
  inside <- length(change) > 1 && identical(change[[length(change)]], "inside")
  if (inside) change <- change[-length(change)]
  if (length(change) > length(columns)) misuse(kind, ": expected ", example_of(columns))
  names(change) <- columns[seq_along(change)]
  numbers <- intersect(names(change), c("times", "at", "amount", "quota", "price", "abatement"))
  change[numbers] <- lapply(change[numbers], function(x) if (is.character(x)) as.numeric(x) else x)
  if (inside) change$inside <- TRUE
  change
}

lists_of <- c("by", "on", "to", "between", "and", "in", "from", "sectors")

# Adds the changes of one kind; the message of a failure begins with the place.
add_changes <- function(scenario, kind, changes) {
  rows <- changes_of(kind, changes)
  for (i in seq_along(rows)) {
    row <- rows[[i]]
    sides <- intersect(names(row), lists_of)
    row[sides] <- lapply(row[sides], joined)
    tryCatch(call_listed(kind, c(list(scenario = scenario), row)), derisk_error = function(failure) {
      place <- if (length(rows) > 1) paste0(kind, " ", i, ": ") else paste0(kind, ": ")
      failure$message <- paste0(place, conditionMessage(failure))
      stop(failure)
    })
  }
}
