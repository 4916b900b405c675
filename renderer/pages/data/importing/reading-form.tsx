import { Autocomplete, Select } from "@mantine/core";
import { type FilePreview, type Reading, Role } from "../../../../contract/data.ts";
import { Panel } from "../../../parts/panel.tsx";
import classes from "./reading-form.module.css";

const CALENDARS = ["XNYS", "XNAS", "XLON", "XETR", "XPAR", "XTKS", "XHKG", "24/7"];
const FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%d-%b-%Y"];
const ZONES = Intl.supportedValuesOf("timeZone");
const LISTED = 40;
/** Only a table of attributes has sectors, and it is known by them. */
const ROLES = Role.exclude(["sector"]).options;

/** Which column plays which role, and how dates are meant: as understood, unless a person says. */
export function ReadingForm(props: {
  files: readonly FilePreview[];
  reading: Reading;
  onChange: (reading: Reading) => void;
}) {
  const { files, reading, onChange } = props;
  const headers = [...new Set(files.flatMap(({ header }) => header))];
  const bars = files.find(({ kind }) => kind === "bars");
  const columnOf = (role: Role) => bars?.columns.find((one) => one.role === role)?.column;
  const say = (news: Reading) => onChange(without({ ...reading, ...news }));
  return (
    <Panel title="How it is read" note="change what was not understood rightly">
      <div className={classes.fields}>
        {ROLES.map((role) => (
          <Select
            key={role}
            label={role.replace("_", " ")}
            placeholder={
              role === "symbol" && bars?.symbol_from_file_name
                ? "from the file's name"
                : role === "adj_close"
                  ? "none"
                  : bars
                    ? "not found"
                    : "choose a column"
            }
            data={headers}
            value={reading.columns?.[role] ?? columnOf(role) ?? null}
            onChange={(column) =>
              say({ columns: { ...reading.columns, [role]: column ?? undefined } })
            }
            clearable={reading.columns?.[role] !== undefined}
            searchable
            limit={LISTED}
          />
        ))}
        <Autocomplete
          label="time zone"
          placeholder={bars?.time_zone ?? "dates as written"}
          data={ZONES}
          limit={LISTED}
          value={reading.timezone ?? ""}
          onChange={(timezone) => say({ timezone: timezone || undefined })}
          size="xs"
        />
        <Autocomplete
          label="date format"
          placeholder={bars?.dates ?? "as found"}
          data={FORMATS}
          value={reading.date_format ?? ""}
          onChange={(date_format) => say({ date_format: date_format || undefined })}
          size="xs"
        />
        <Autocomplete
          label="calendar"
          placeholder="XNYS"
          data={CALENDARS}
          value={reading.calendar ?? ""}
          onChange={(calendar) => say({ calendar: calendar || undefined })}
          size="xs"
        />
      </div>
    </Panel>
  );
}

/** What was not said is left out: it would be another import otherwise. */
function without(reading: Reading): Reading {
  const columns = Object.fromEntries(
    Object.entries(reading.columns ?? {}).filter(([, column]) => column !== undefined),
  );
  const { columns: _, ...rest } = reading;
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return Object.keys(columns).length > 0 ? { ...said, columns } : said;
}
