import "./status.css";
